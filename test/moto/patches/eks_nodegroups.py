"""A nodegroup of EKS has an Auto Scaling group, whose machines carry its name, and each has problems of its own.

A nodegroup is UPDATING when it is first looked at after a change, and cannot be changed before that. A machine that is
ended one by one leaves the group one smaller. One that is made with the tag `moto:status` has that status for ever; with
`moto:full`, no machine starts in the zones that end with these letters. moto's nodegroups are numbers only.
"""
from moto.autoscaling.models import autoscaling_backends
from moto.eks.exceptions import ResourceInUseException, ResourceNotFoundException
from moto.eks.models import EKSBackend

create, describe, delete = EKSBackend.create_nodegroup, EKSBackend.describe_nodegroup, EKSBackend.delete_nodegroup
update, listed = EKSBackend.update_nodegroup_config, EKSBackend.list_nodegroups


def group_name(nodegroup):
    return nodegroup.resources["autoScalingGroups"][0]["name"]


def machines(backend):
    return autoscaling_backends[backend.account_id][backend.region_name]


def create_nodegroup(self, *args, **kwargs):
    nodegroup = create(self, *args, **kwargs)
    nodegroup.health = {"issues": []}
    scaling = nodegroup.scaling_config = dict(nodegroup.scaling_config)
    # EKS makes a template of its own from the one that it is given, with the image and the type of the machines.
    ec2 = machines(self).ec2_backend
    given = nodegroup.launch_template or {}
    data = ec2.get_launch_template(given["id"]).get_version(given.get("version", "$Default")).data if given else {}
    template = ec2.create_launch_template(
        name=group_name(nodegroup),
        description="",
        template_data={**data, "InstanceType": nodegroup.instance_types[0], "ImageId": "ami-12c6146b"},
        tag_spec={},
    )
    nodegroup.status = nodegroup.tags.get("moto:status", "ACTIVE")
    labels = {
        "eks:cluster-name": nodegroup.cluster_name,
        "eks:nodegroup-name": nodegroup.nodegroup_name,
        f"kubernetes.io/cluster/{nodegroup.cluster_name}": "owned",
    }
    machines(self).create_auto_scaling_group(
        name=group_name(nodegroup),
        availability_zones=[],
        desired_capacity=scaling.get("desiredSize", 0),
        max_size=scaling.get("maxSize", 2),
        min_size=scaling.get("minSize", 0),
        launch_config_name=None,
        launch_template={"LaunchTemplateId": template.id, "Version": "$Latest"},
        vpc_zone_identifier=",".join(nodegroup.subnets),
        default_cooldown=None,
        health_check_period=None,
        health_check_type="EC2",
        load_balancers=[],
        target_group_arns=[],
        placement_group=None,
        termination_policies=[],
        tags=[
            {
                "Key": key,
                "Value": value,
                "PropagateAtLaunch": True,
                "ResourceId": group_name(nodegroup),
                "ResourceType": "auto-scaling-group",
            }
            for key, value in labels.items()
        ],
    )
    machines(self).autoscaling_groups[group_name(nodegroup)].full = nodegroup.tags.get("moto:full", "")
    return nodegroup


def describe_nodegroup(self, cluster_name, nodegroup_name):
    nodegroup = describe(self, cluster_name, nodegroup_name)
    seen = nodegroup.__class__.__new__(nodegroup.__class__)
    seen.__dict__.update(nodegroup.__dict__)
    if nodegroup.status == "UPDATING":
        nodegroup.status = "ACTIVE"
    return seen


def update_nodegroup_config(self, cluster_name, nodegroup_name, **changes):
    nodegroup = describe(self, cluster_name, nodegroup_name)
    if nodegroup.status != "ACTIVE":
        raise ResourceInUseException(
            clusterName=cluster_name,
            nodegroupName=nodegroup_name,
            addonName=None,
            message="Nodegroup cannot be updated as it is currently not in Active State",
        )
    answer = update(self, cluster_name, nodegroup_name, **changes)
    scaling = nodegroup.scaling_config
    group = machines(self).autoscaling_groups[group_name(nodegroup)]
    group.min_size, group.max_size = scaling["minSize"], scaling["maxSize"]
    group.set_desired_capacity(scaling["desiredSize"])
    nodegroup.status = "UPDATING"
    return {**answer, "status": "InProgress"}


def delete_nodegroup(self, cluster_name, nodegroup_name):
    nodegroup = delete(self, cluster_name, nodegroup_name)
    machines(self).delete_auto_scaling_group(group_name(nodegroup))
    machines(self).ec2_backend.delete_launch_template(group_name(nodegroup), None)
    nodegroup.status = "DELETING"
    return nodegroup


def list_nodegroups(self, cluster_name, *args, **kwargs):
    if cluster_name not in self.clusters:
        raise ResourceNotFoundException(
            clusterName=cluster_name,
            nodegroupName=None,
            fargateProfileName=None,
            addonName=None,
            message=f"No cluster found for name: {cluster_name}.",
        )
    return listed(self, cluster_name, *args, **kwargs)


EKSBackend.create_nodegroup, EKSBackend.describe_nodegroup = create_nodegroup, describe_nodegroup
EKSBackend.update_nodegroup_config, EKSBackend.delete_nodegroup = update_nodegroup_config, delete_nodegroup
EKSBackend.list_nodegroups = list_nodegroups
