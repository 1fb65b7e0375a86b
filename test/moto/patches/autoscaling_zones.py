"""Auto Scaling spreads a group over the zones of its subnets, and keeps it even.

A machine starts in the zone that has the fewest of the group. When machines were ended one by one, and zones differ by
more than one machine, another is started where there are fewer and one is ended where there are more: "rebalancing might
terminate instances in other zones" (API reference of TerminateInstanceInAutoScalingGroup). A group whose attribute `full`
names zones by their last letters, such as `ab`, gets no machine there, and says so in its activities. moto starts all
machines in the first subnet.
"""
from moto.autoscaling.models import AutoScalingBackend, FakeAutoScalingGroup
from moto.autoscaling.responses import AutoScalingResponse
from moto.core.responses import ActionResult
from moto.core.utils import utcnow

start, detach = FakeAutoScalingGroup.replace_autoscaling_group_instances, AutoScalingBackend.detach_instances
none = (
    "We currently do not have sufficient {type} capacity in the Availability Zone you requested ({zone}). Our system will"
    " be working on provisioning additional capacity. Launching EC2 instance failed."
)


def counts(group):
    """Machines of a group by subnet."""
    subnets = [one for one in (group.vpc_zone_identifier or "").split(",") if one]
    machines = [state.instance for state in group.active_instances()]
    return {subnet: [one for one in machines if one.subnet_id == subnet] for subnet in subnets}


def start_in(group, subnet, tags):
    zone = group.autoscaling_backend.ec2_backend.get_subnet(subnet).availability_zone
    if zone[-1] in getattr(group, "full", ""):
        failed = {"ActivityId": zone, "AutoScalingGroupName": group.name, "Cause": "", "StartTime": utcnow()}
        failed.update(StatusCode="Failed", StatusMessage=none.format(type=group.instance_type, zone=zone))
        group.__dict__.setdefault("failures", []).insert(0, failed)
        return False
    everywhere, group.vpc_zone_identifier = group.vpc_zone_identifier, subnet
    try:
        start(group, 1, tags)
    finally:
        group.vpc_zone_identifier = everywhere
    return True


def replace_autoscaling_group_instances(self, count_needed, propagated_tags):
    if not self.vpc_zone_identifier:
        return start(self, count_needed, propagated_tags)
    for _ in range(count_needed):
        by_size = sorted(counts(self).items(), key=lambda pair: len(pair[1]))
        any(start_in(self, subnet, propagated_tags) for subnet, _ in by_size)


def detach_instances(self, group_name, instance_ids, should_decrement):
    answer = detach(self, group_name, instance_ids, should_decrement)
    group = self.autoscaling_groups[group_name]
    there = counts(group)
    while there and max(map(len, there.values())) - min(map(len, there.values())) > 1:
        few, many = sorted(there, key=lambda subnet: len(there[subnet]))[:: len(there) - 1]
        if not start_in(group, few, group.get_propagated_tags()):
            break
        taken = there[many][0].id
        group.instance_states = [state for state in group.instance_states if state.instance.id != taken]
        self.ec2_backend.terminate_instances([taken])
        there = counts(group)
    return answer


def describe_scaling_activities(self):
    group = self.autoscaling_backend.autoscaling_groups.get(self._get_param("AutoScalingGroupName"))
    return ActionResult({"Activities": getattr(group, "failures", [])})


FakeAutoScalingGroup.replace_autoscaling_group_instances = replace_autoscaling_group_instances
AutoScalingBackend.detach_instances = detach_instances
AutoScalingResponse.describe_scaling_activities = describe_scaling_activities
