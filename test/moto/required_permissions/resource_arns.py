"""ARNs of the resources of requests, and their condition keys: tags and network."""
import re
from dataclasses import dataclass, field

from moto.autoscaling.models import autoscaling_backends
from moto.ec2.models import ec2_backends
from moto.eks.models import eks_backends
from moto.logs.models import logs_backends
from moto.sqs.models import sqs_backends

account = "123456789012"
# In the ARN of a resource that does not exist.
unknown_id = "00000000-0000-0000-0000-000000000000"


@dataclass
class Permission:
    """One authorization check of IAM; `resource` is * for actions without resources."""

    action: str
    resource: str = "*"
    context: dict = field(default_factory=dict)


@dataclass
class Resources:
    region: str

    def arn(self, service: str, rest: str, region: str | None = None, owner: str = account) -> str:
        return f"arn:aws:{service}:{self.region if region is None else region}:{owner}:{rest}"

    # EKS

    def clusters(self):
        return eks_backends[account][self.region].clusters

    def cluster(self, name: str) -> str:
        return self.arn("eks", f"cluster/{name}")

    def nodegroup(self, cluster: str, name: str) -> str:
        nodegroups = getattr(self.clusters().get(cluster), "nodegroups", {})
        return nodegroups[name].arn if name in nodegroups else self.arn("eks", f"nodegroup/{cluster}/{name}/{unknown_id}")

    def subresource(self, cluster: str, kind: str, name: str) -> dict:
        return getattr(self.clusters().get(cluster), "subresources", {}).get(kind, {}).get(name, {})

    def addon(self, cluster: str, name: str) -> str:
        return self.subresource(cluster, "addon", name).get("addonArn") or self.arn("eks", f"addon/{cluster}/{name}/{unknown_id}")

    def entry(self, cluster: str, principal: str) -> str:
        kind, _, name = principal.split(":")[5].partition("/")
        return self.arn("eks", f"access-entry/{cluster}/{kind}/{principal.split(':')[4]}/{name}/{unknown_id}")

    def identity(self, cluster: str, identifier: str) -> str:
        return self.arn("eks", f"podidentityassociation/{cluster}/{identifier}")

    # EC2

    def ec2(self):
        return ec2_backends[account][self.region]

    def ec2_resource(self, kind: str, identifier: str) -> str:
        owner = "" if kind in ("image", "snapshot") else account
        return self.arn("ec2", f"{kind}/{identifier}", owner=owner)

    def group_of(self, name: str) -> str:
        groups = autoscaling_backends[account][self.region].autoscaling_groups
        group_id = groups[name].arn.split(":autoScalingGroup:")[1].split(":")[0] if name in groups else unknown_id
        return self.arn("autoscaling", f"autoScalingGroup:{group_id}:autoScalingGroupName/{name}")

    def group_with(self, instance: str) -> str:
        for name, group in autoscaling_backends[account][self.region].autoscaling_groups.items():
            if any(one.instance.id == instance for one in group.instance_states):
                return name
        return "none"

    # Condition keys

    def context_of(self, arn: str) -> dict:
        """Condition keys of a resource."""
        found = {f"aws:ResourceTag/{key}": value for key, value in self.tags(arn).items()}
        service, rest = arn.split(":")[2], arn.split(":", 5)[5]
        if service in ("ec2", "autoscaling"):
            found.update({f"{service}:ResourceTag/{key}": value for key, value in self.tags(arn).items()})
        if service == "ec2":
            kind, _, identifier = rest.partition("/")
            network = self.network_of(kind, identifier)
            if network:
                found["ec2:Vpc"] = self.ec2_resource("vpc", network)
        return found

    def network_of(self, kind: str, identifier: str) -> str | None:
        ec2 = self.ec2()
        if kind == "security-group":
            group = ec2.get_security_group_from_id(identifier)
            return group.vpc_id if group else None
        if kind == "network-interface" and identifier in ec2.enis:
            return ec2.enis[identifier].subnet.vpc_id
        if kind == "subnet":
            return next((zone[identifier].vpc_id for zone in ec2.subnets.values() if identifier in zone), None)
        return None

    def tags(self, arn: str) -> dict:
        service, rest = arn.split(":")[2], arn.split(":", 5)[5]
        if service == "eks":
            return self.tags_of_eks(*rest.split("/"))
        if service == "ec2":
            kind, _, identifier = rest.partition("/")
            ec2 = self.ec2()
            if kind == "key-pair":
                pair = ec2.keypairs.get(identifier)
                return {one["key"]: one["value"] for one in ec2.describe_tags({"resource-id": [pair.id]})} if pair else {}
            return {one["key"]: one["value"] for one in ec2.describe_tags({"resource-id": [identifier]})}
        if service == "autoscaling":
            group = autoscaling_backends[account][self.region].autoscaling_groups.get(rest.split("/")[-1])
            return {one["Key"]: one["Value"] for one in group.tags} if group else {}
        if service == "sqs":
            queue = sqs_backends[account][self.region].queues.get(rest)
            return dict(queue.tags or {}) if queue else {}
        if service == "logs":
            group = re.sub(r"^log-group:([^:]*).*", r"\1", rest)
            return dict(logs_backends[account][self.region].tagger.get_tag_dict_for_resource(self.arn("logs", f"log-group:{group}")))
        return {}

    def tags_of_eks(self, kind: str, cluster: str, *names: str) -> dict:
        there = self.clusters().get(cluster)
        if there is None:
            return {}
        if kind == "cluster":
            return there.tags or {}
        if kind == "nodegroup":
            nodegroup = there.nodegroups.get(names[0])
            return nodegroup.tags or {} if nodegroup else {}
        if kind == "access-entry":
            identity, owner, *path, _ = names
            return self.subresource(cluster, kind, f"arn:aws:iam::{owner}:{identity}/{'/'.join(path)}").get("tags", {})
        if kind == "podidentityassociation":
            return self.subresource(cluster, "pod-identity-association", names[0]).get("tags", {})
        return self.subresource(cluster, kind, names[0]).get("tags", {})
