"""A route table that CloudFormation made goes with its stack, and so do its associations with subnets; moto keeps both, and
then cannot delete the VPC.
"""
from moto.ec2.models import ec2_backends
from moto.ec2.models.route_tables import RouteTable


def delete(self, account_id, region_name):
    backend = ec2_backends[account_id][region_name]
    for association in list(self._associations):
        backend.disassociate_route_table(association)
    backend.delete_route_table(self.id)


RouteTable.delete = delete
