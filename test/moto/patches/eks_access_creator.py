"""Who makes a cluster of EKS is its administrator, by an access entry, unless the request says otherwise; and the cluster
tells how access to it is given and how long its version is supported. moto forgets what was asked for.
"""
import re

from eks_subresources import subresources, cluster_of
from moto.core.utils import utcnow
from moto.eks.exceptions import InvalidRequestException
from moto.eks.responses import EKSResponse
from moto.sts.models import sts_backends

ADMIN = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"

create = EKSResponse.create_cluster
verbs = {
    name: getattr(EKSResponse, name) for name in ("create_access_entry", "describe_access_entry", "list_access_entries")
}


def creator(response):
    """ARN of the role or the user that asks."""
    backend = sts_backends[response.current_account][response.partition]
    _, arn, _ = backend.get_caller_identity(response.access_key, response.region)
    assumed = re.fullmatch(r"arn:([^:]+):sts::(\d+):assumed-role/([^/]+)/.*", arn)
    return "arn:{}:iam::{}:role/{}".format(*assumed.groups()) if assumed else arn


def create_cluster(self):
    answer = create(self)
    cluster = self.eks_backend.describe_cluster(name=self._get_param("name"))
    asked = self._get_param("accessConfig") or {}
    admin = asked.get("bootstrapClusterCreatorAdminPermissions", True)
    cluster.access_config = {
        "authenticationMode": asked.get("authenticationMode", "CONFIG_MAP"),
        "bootstrapClusterCreatorAdminPermissions": admin,
    }
    cluster.upgrade_policy = self._get_param("upgradePolicy") or {"supportType": "EXTENDED"}
    if admin and cluster.access_config["authenticationMode"] != "CONFIG_MAP":
        principal = creator(self)
        subresources(cluster, "access-entry")[principal] = {
            "clusterName": cluster.name,
            "principalArn": principal,
            "kubernetesGroups": [],
            "accessEntryArn": f"{cluster.arn}/creator",
            "createdAt": utcnow(),
            "modifiedAt": utcnow(),
            "tags": {},
            "username": principal,
            "type": "STANDARD",
        }
        subresources(cluster, "access-policy")[principal] = {
            ADMIN: {
                "policyArn": ADMIN,
                "accessScope": {"type": "cluster", "namespaces": []},
                "associatedAt": utcnow(),
                "modifiedAt": utcnow(),
            }
        }
    return answer


def only_with_entries(verb):
    def answer(self):
        cluster = cluster_of(self)
        if getattr(cluster, "access_config", {}).get("authenticationMode") == "CONFIG_MAP":
            raise InvalidRequestException(
                message="The cluster's authentication mode must be set to one of [API, API_AND_CONFIG_MAP] to perform this operation."
            )
        return verb(self)

    return answer


EKSResponse.create_cluster = create_cluster
for name, verb in verbs.items():
    setattr(EKSResponse, name, only_with_entries(verb))
