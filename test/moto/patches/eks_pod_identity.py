"""EKS has Pod Identity associations, which give the pods of a service account a role. moto has none."""
import json

from eks_subresources import add, arn, subresources, cluster_of, cluster_path, get, there
from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.eks.exceptions import InvalidParameterException
from moto.moto_api._internal import mock_random


class Verbs:
    def create_pod_identity_association(self):
        cluster = cluster_of(self)
        namespace, account = self._get_param("namespace"), self._get_param("serviceAccount")
        for one in subresources(cluster, "pod-identity-association").values():
            if (one["namespace"], one["serviceAccount"]) == (namespace, account):
                raise there(cluster, "Association already exists: " + one["associationId"])
        policy, no_tags = self._get_param("policy"), bool(self._get_param("disableSessionTags"))
        if policy is not None:
            # https://docs.aws.amazon.com/eks/latest/APIReference/API_CreatePodIdentityAssociation.html
            if not no_tags:
                raise InvalidParameterException("disableSessionTags must be true when a policy is given")
            # https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
            if len(policy) > 2048:
                raise InvalidParameterException("the policy has more than 2048 characters")
            json.loads(policy)
        identifier = "a-" + mock_random.get_random_string(17, include_digits=True).lower()
        association = {
            "clusterName": cluster.name,
            "namespace": namespace,
            "serviceAccount": account,
            "roleArn": self._get_param("roleArn"),
            "associationArn": arn(cluster, "podidentityassociation"),
            "associationId": identifier,
            "tags": self._get_param("tags") or {},
            "disableSessionTags": no_tags,
            "policy": policy,
            "createdAt": utcnow(),
            "modifiedAt": utcnow(),
        }
        subresources(cluster, "pod-identity-association")[identifier] = association
        return ActionResult({"association": association})

    def association(self, cluster):
        return get(cluster, "pod-identity-association", self._get_param("associationId"))

    def describe_pod_identity_association(self):
        return ActionResult({"association": self.association(cluster_of(self))})

    def update_pod_identity_association(self):
        association = self.association(cluster_of(self))
        association.update(roleArn=self._get_param("roleArn") or association["roleArn"], modifiedAt=utcnow())
        return ActionResult({"association": association})

    def delete_pod_identity_association(self):
        cluster = cluster_of(self)
        association = self.association(cluster)
        del subresources(cluster, "pod-identity-association")[association["associationId"]]
        return ActionResult({"association": association})

    def list_pod_identity_associations(self):
        namespace, account = self._get_param("namespace"), self._get_param("serviceAccount")
        found = [
            {key: one[key] for key in ("clusterName", "namespace", "serviceAccount", "associationArn", "associationId")}
            for one in subresources(cluster_of(self), "pod-identity-association").values()
            if namespace in (None, one["namespace"]) and account in (None, one["serviceAccount"])
        ]
        return ActionResult({"associations": found})


add(
    Verbs,
    [
        ("POST", f"{cluster_path}/pod-identity-associations", "CreatePodIdentityAssociation"),
        ("GET", f"{cluster_path}/pod-identity-associations", "ListPodIdentityAssociations"),
        (
            "POST",
            f"{cluster_path}/pod-identity-associations/(?P<associationId>[^/]+)",
            "UpdatePodIdentityAssociation",
        ),
        (
            "GET",
            f"{cluster_path}/pod-identity-associations/(?P<associationId>[^/]+)",
            "DescribePodIdentityAssociation",
        ),
        (
            "DELETE",
            f"{cluster_path}/pod-identity-associations/(?P<associationId>[^/]+)",
            "DeletePodIdentityAssociation",
        ),
    ],
)
