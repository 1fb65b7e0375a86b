"""A stack with a resource that cannot be removed ends as DELETE_FAILED, its events say which and why, and another DeleteStack
goes on with what is left. A subnet or a VPC in which others have something is such a resource.

moto answers the failure to whoever asks, and the stack is gone; and it removes networks with whatever is in them, and leaves
a stack's own VPC endpoints there. Told are only the resources that fail.
"""
from moto.cloudformation.models import CloudFormationBackend, Event, Stack
from moto.cloudformation.parsing import ResourceMap
from moto.ec2.exceptions import DependencyViolationError
from moto.ec2.models import EC2Backend
from moto.ec2.models.vpcs import VPCEndPoint

delete_stack, delete_vpc, delete_subnet = CloudFormationBackend.delete_stack, EC2Backend.delete_vpc, EC2Backend.delete_subnet


class Remains(Exception):
    """`why`: an error for each resource that could not be removed."""

    def __init__(self, why):
        super().__init__(why)
        self.why = why


def remove(self):
    """In any order that works, as far as it goes."""
    removed = self.__dict__.setdefault("removed", set())
    kept = {name for name, one in self._resource_json_map.items() if one.get("DeletionPolicy") == "Retain"}
    why = {name: None for name in self._resource_json_map if name not in kept | removed}
    before = len(why) + 1
    while why and len(why) < before:
        before = len(why)
        for name in list(why):
            resource = self._parsed_resources.get(name)
            try:
                if resource is not None and not isinstance(resource, str):
                    self._delete_resource(resource, self._resource_json_map[name])
            except Exception as error:  # whatever it is, it is why the resource remains
                why[name] = error
            else:
                del why[name]
                removed.add(name)
    if why:
        raise Remains(why)


def delete(self):
    self._add_stack_event("DELETE_IN_PROGRESS", resource_status_reason="User Initiated")
    try:
        self.resource_map.delete()
    except Remains as remains:
        for name, error in remains.why.items():
            resource = self.resource_map[name]
            event = Event(
                stack_id=self.stack_id,
                stack_name=self.name,
                logical_resource_id=name,
                physical_resource_id=getattr(resource, "physical_resource_id", ""),
                resource_type=self.template_dict["Resources"][name]["Type"],
                resource_status="DELETE_FAILED",
                resource_status_reason=getattr(error, "message", None) or str(error),
                resource_properties=None,
            )
            self.events.append(event)
        self.status = "DELETE_FAILED"
        names = ", ".join(sorted(remains.why))
        self._add_stack_event(self.status, resource_status_reason=f"The following resource(s) failed to delete: [{names}].")
    else:
        self.status = "DELETE_COMPLETE"
        self._add_stack_event(self.status)


def delete_by_name(self, name_or_stack_id):
    stack = self.stacks.get(name_or_stack_id)
    delete_stack(self, name_or_stack_id)
    if stack is not None and stack.status == "DELETE_FAILED":
        self.stacks[stack.stack_id] = self.deleted_stacks.pop(stack.stack_id)
        self.exports.update({export.name: export for export in stack.exports})


def there(self):
    resources = self.resource_map
    gone = getattr(resources, "removed", set())
    return [resources[name] for name in resources.resources if name not in gone]


def endpoints_in(backend, field, wanted):
    return [one for one in backend.vpc_end_points.values() if one.state != "deleted" and wanted in (getattr(one, field) or [])]


def delete_endpoint(self, account_id, region_name):
    # A gateway's routes go with their table, perhaps before it.
    self.state = "deleted"


def remove_vpc(self, vpc_id):
    groups = [one for one in self.groups[vpc_id].values() if one.name != "default"]
    if groups or endpoints_in(self, "vpc_id", vpc_id):
        raise DependencyViolationError(f"The vpc '{vpc_id}' has dependencies and cannot be deleted.")
    return delete_vpc(self, vpc_id)


def remove_subnet(self, subnet_id):
    if endpoints_in(self, "subnet_ids", subnet_id):
        raise DependencyViolationError(f"The subnet '{subnet_id}' has dependencies and cannot be deleted.")
    return delete_subnet(self, subnet_id)


ResourceMap.delete = remove
Stack.delete = delete
Stack.stack_resources = property(there)
CloudFormationBackend.delete_stack = delete_by_name
VPCEndPoint.delete = delete_endpoint
EC2Backend.delete_vpc = remove_vpc
EC2Backend.delete_subnet = remove_subnet
