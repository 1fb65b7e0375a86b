"""EKS tells which versions of Kubernetes it has, and how an update is doing: at once done. moto lacks both."""
from eks_subresources import add, cluster_of, cluster_path, update
from moto.core.responses import ActionResult

# Newest last. The first has left standard support.
VERSIONS = ["1.31", "1.32", "1.33", "1.34", "1.35"]
STANDARD = VERSIONS[2:]


class Verbs:
    def describe_cluster_versions(self):
        wanted = self._get_param("versionStatus")
        every = [
            {
                "clusterVersion": version,
                "clusterType": "eks",
                "defaultVersion": version == VERSIONS[-2],
                "status": "STANDARD_SUPPORT" if version in STANDARD else "EXTENDED_SUPPORT",
                "versionStatus": "STANDARD_SUPPORT" if version in STANDARD else "EXTENDED_SUPPORT",
                "kubernetesPatchVersion": f"{version}.2",
            }
            for version in VERSIONS
        ]
        return ActionResult({"clusterVersions": [one for one in every if wanted in (None, one["versionStatus"])]})

    def describe_update(self):
        cluster_of(self)
        return ActionResult(
            {"update": {**update("ConfigUpdate"), "id": self._get_param("updateId"), "status": "Successful"}}
        )


add(
    Verbs,
    [
        ("GET", "/cluster-versions", "DescribeClusterVersions"),
        ("GET", f"{cluster_path}/updates/(?P<updateId>[^/]+)", "DescribeUpdate"),
    ],
)
