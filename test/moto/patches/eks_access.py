"""EKS has access entries with policies, which say who is who in a cluster. moto has none."""
from eks_subresources import add, arn, subresources, cluster_of, cluster_path, get, missing, there
from moto.core.responses import ActionResult, EmptyResult
from moto.core.utils import utcnow
from moto.eks.exceptions import InvalidRequestException


class Verbs:
    def create_access_entry(self):
        cluster = cluster_of(self)
        principal = self._get_param("principalArn")
        if principal in subresources(cluster, "access-entry"):
            raise there(cluster, "The specified access entry resource is already in use on this cluster.")
        groups = self._get_param("kubernetesGroups") or []
        if any(group.startswith(("system:", "eks:", "aws:", "amazon:", "iam:")) for group in groups):
            raise InvalidRequestException(message="The kubernetes group name has a reserved prefix")
        entry = {
            "clusterName": cluster.name,
            "principalArn": principal,
            "kubernetesGroups": groups,
            "accessEntryArn": arn(cluster, "access-entry", "role"),
            "createdAt": utcnow(),
            "modifiedAt": utcnow(),
            "tags": self._get_param("tags") or {},
            "username": self._get_param("username") or principal,
            "type": self._get_param("type") or "STANDARD",
        }
        subresources(cluster, "access-entry")[principal] = entry
        return ActionResult({"accessEntry": entry})

    def entry(self, cluster):
        return get(cluster, "access-entry", self._get_param("principalArn"))

    def describe_access_entry(self):
        return ActionResult({"accessEntry": self.entry(cluster_of(self))})

    def update_access_entry(self):
        entry = self.entry(cluster_of(self))
        groups = self._get_param("kubernetesGroups")
        if groups is not None:
            entry["kubernetesGroups"] = groups
        entry["modifiedAt"] = utcnow()
        return ActionResult({"accessEntry": entry})

    def delete_access_entry(self):
        cluster = cluster_of(self)
        entry = self.entry(cluster)
        del subresources(cluster, "access-entry")[entry["principalArn"]]
        subresources(cluster, "access-policy").pop(entry["principalArn"], None)
        return EmptyResult()

    def list_access_entries(self):
        return ActionResult({"accessEntries": sorted(subresources(cluster_of(self), "access-entry"))})

    def policies(self, cluster, principal):
        return subresources(cluster, "access-policy").setdefault(principal, {})

    def associate_access_policy(self):
        cluster = cluster_of(self)
        principal = self.entry(cluster)["principalArn"]
        policy = {
            "policyArn": self._get_param("policyArn"),
            "accessScope": self._get_param("accessScope"),
            "associatedAt": utcnow(),
            "modifiedAt": utcnow(),
        }
        self.policies(cluster, principal)[policy["policyArn"]] = policy
        return ActionResult(
            {"clusterName": cluster.name, "principalArn": principal, "associatedAccessPolicy": policy}
        )

    def list_associated_access_policies(self):
        cluster = cluster_of(self)
        principal = self.entry(cluster)["principalArn"]
        return ActionResult(
            {
                "clusterName": cluster.name,
                "principalArn": principal,
                "associatedAccessPolicies": list(self.policies(cluster, principal).values()),
            }
        )

    def disassociate_access_policy(self):
        cluster = cluster_of(self)
        principal = self.entry(cluster)["principalArn"]
        if self.policies(cluster, principal).pop(self._get_param("policyArn"), None) is None:
            raise missing("The policy is not associated with the access entry")
        return EmptyResult()


add(
    Verbs,
    [
        ("POST", f"{cluster_path}/access-entries", "CreateAccessEntry"),
        ("GET", f"{cluster_path}/access-entries", "ListAccessEntries"),
        ("POST", f"{cluster_path}/access-entries/(?P<principalArn>.+)/access-policies", "AssociateAccessPolicy"),
        ("GET", f"{cluster_path}/access-entries/(?P<principalArn>.+)/access-policies", "ListAssociatedAccessPolicies"),
        (
            "DELETE",
            f"{cluster_path}/access-entries/(?P<principalArn>.+)/access-policies/(?P<policyArn>.+)",
            "DisassociateAccessPolicy",
        ),
        ("POST", f"{cluster_path}/access-entries/(?P<principalArn>.+)", "UpdateAccessEntry"),
        ("GET", f"{cluster_path}/access-entries/(?P<principalArn>.+)", "DescribeAccessEntry"),
        ("DELETE", f"{cluster_path}/access-entries/(?P<principalArn>.+)", "DeleteAccessEntry"),
    ],
)
