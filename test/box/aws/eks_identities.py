"""An identity of pods is there at once, as clusters and machines are: it says that it was made a minute ago.

On AWS it takes seconds until new pods get it.
"""
from datetime import timedelta

from eks_subresources import subresources
from moto.eks.responses import EKSResponse

create = EKSResponse.create_pod_identity_association


def created(self):
    answer = create(self)
    for cluster in self.eks_backend.clusters.values():
        for one in subresources(cluster, "pod-identity-association").values():
            if not one.get("spread"):
                one.update(spread=True, createdAt=one["createdAt"] - timedelta(minutes=1))
    return answer


EKSResponse.create_pod_identity_association = created
