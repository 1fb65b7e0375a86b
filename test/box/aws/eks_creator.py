"""Who makes a cluster of EKS is its administrator, by an access entry with AmazonEKSClusterAdminPolicy, unless told otherwise."""
from moto.core.utils import utcnow
from moto.eks.models import EKSBackend
from moto.eks.responses import EKSResponse
from moto.sts.models import sts_backends

admin = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
create = EKSResponse.create_cluster


def principal(arn: str) -> str:
    """The role, or user, that acts under this ARN."""
    _, _, _, _, account, resource = arn.split(":", 5)
    if not resource.startswith("assumed-role/"):
        return arn
    return f"arn:aws:iam::{account}:role/{resource.split('/')[1]}"


def created(self):
    answer = create(self)
    if (self._get_param("accessConfig") or {}).get("bootstrapClusterCreatorAdminPermissions", True):
        name = self._get_param("name")
        _, caller, _ = sts_backends[self.current_account]["aws"].get_caller_identity(self.get_access_key(), self.region)
        grant(self.eks_backend, name, principal(caller))
    return answer


def grant(backend: EKSBackend, name: str, role: str) -> None:
    belongings = backend.clusters[name].__dict__.setdefault("belongings", {})
    belongings.setdefault("access-entry", {})[role] = {
        "clusterName": name,
        "principalArn": role,
        "kubernetesGroups": [],
        "accessEntryArn": f"{backend.clusters[name].arn.replace(':cluster/', ':access-entry/')}/role/creator",
        "createdAt": utcnow(),
        "modifiedAt": utcnow(),
        "tags": {},
        "username": role,
        "type": "STANDARD",
    }
    policy = {
        "policyArn": admin,
        "accessScope": {"type": "cluster", "namespaces": []},
        "associatedAt": utcnow(),
        "modifiedAt": utcnow(),
    }
    belongings.setdefault("access-policy", {})[role] = {admin: policy}


EKSResponse.create_cluster = created
