"""What is beyond the account's quotas is refused, in AWS's words: machines beyond their vCPUs, builds of an account that may
have none. A group starts as many machines as fit, and says of the others in its activities why not.

What holds may be less than what Service Quotas shows: `service_quotas.py` takes `real`, too.
"""
from moto.autoscaling.models import FakeAutoScalingGroup
from moto.autoscaling.responses import AutoScalingResponse
from moto.codebuild.models import CodeBuildBackend
from moto.core.exceptions import JsonRESTError
from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models.instance_types import INSTANCE_TYPES
from moto.ec2.responses.instances import InstanceResponse
from service_quotas import real_limit

start_machines = FakeAutoScalingGroup.replace_autoscaling_group_instances
run_machines, start_build = InstanceResponse.run_instances, CodeBuildBackend.start_build
activities = AutoScalingResponse.describe_scaling_activities
beyond = (
    "You have requested more vCPU capacity than your current vCPU limit of {limit} allows for the instance bucket that the"
    " specified instance type belongs to. Please visit http://aws.amazon.com/contact-us/ec2-request to request an adjustment"
    " to this limit."
)


def vcpus_of(instance_type):
    return INSTANCE_TYPES[instance_type]["VCpuInfo"]["DefaultVCpus"]


def too_many(ec2, instance_type, count=1):
    """AWS's sentence, when so many more are beyond the account's vCPUs; only types of the standard families are counted."""
    if instance_type[0] not in "acdhimrtz":
        return None
    limit = real_limit(ec2.account_id, ec2.region_name, "ec2", "L-1216C47A")
    machines = [one for reservation in list(ec2.reservations.values()) for one in list(reservation.instances)]
    running = [one for one in machines if one.state in ("pending", "running")]
    used = sum(vcpus_of(one.instance_type) for one in running if one.instance_type[0] in "acdhimrtz")
    return beyond.format(limit=int(limit)) if used + count * vcpus_of(instance_type) > limit else None


def replace_autoscaling_group_instances(self, count_needed, propagated_tags):
    ec2 = self.autoscaling_backend.ec2_backend
    for _ in range(count_needed):
        why = too_many(ec2, self.instance_type)
        if why is None:
            start_machines(self, 1, propagated_tags)
            continue
        failed = {"ActivityId": f"quota-{len(self.__dict__.get('beyond', []))}", "AutoScalingGroupName": self.name}
        failed.update(Cause="", StartTime=utcnow(), StatusCode="Failed")
        failed.update(StatusMessage=f"{why} Launching EC2 instance failed.")
        self.__dict__.setdefault("beyond", []).insert(0, failed)


def describe_scaling_activities(self):
    answer = activities(self)
    group = self.autoscaling_backend.autoscaling_groups.get(self._get_param("AutoScalingGroupName"))
    result = answer.result if isinstance(answer.result, dict) else {}
    found = [*getattr(group, "beyond", []), *result.get("Activities", [])]
    return ActionResult({**result, "Activities": found})


def run_instances(self):
    instance_type = self._get_param("InstanceType") or "m1.small"
    why = too_many(self.ec2_backend, instance_type, int(self._get_param("MinCount") or 1))
    if why is not None:
        raise EC2ClientError("VcpuLimitExceeded", why)
    return run_machines(self)


def start(self, *args, **named):
    limit = real_limit(self.account_id, self.region_name, "codebuild", "L-2DC20C30")
    if limit < 1:
        words = f"Cannot have more than {int(limit)} builds in queue for the account"
        raise JsonRESTError("AccountLimitExceededException", words)
    return start_build(self, *args, **named)


FakeAutoScalingGroup.replace_autoscaling_group_instances = replace_autoscaling_group_instances
AutoScalingResponse.describe_scaling_activities = describe_scaling_activities
InstanceResponse.run_instances = run_instances
CodeBuildBackend.start_build = start
