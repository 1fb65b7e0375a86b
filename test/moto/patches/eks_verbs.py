"""EKS has add-ons, access entries with policies, Pod Identity associations, versions and updates.

An add-on is CREATING or UPDATING when it is first looked at after a change, and ACTIVE from the next look on. What
belongs to a cluster goes with it. moto lacks all of this.
"""
import re
from urllib.parse import unquote, urlparse

import moto.eks.urls as urls
from moto.core.responses import ActionResult, EmptyResult
from moto.core.utils import utcnow
from moto.eks.exceptions import InvalidRequestException, ResourceInUseException, ResourceNotFoundException
from moto.eks.responses import EKSResponse
from moto.moto_api._internal import mock_random

# Newest last. The first has left standard support.
VERSIONS = ["1.31", "1.32", "1.33", "1.34", "1.35"]
STANDARD = VERSIONS[2:]


def missing(message):
    return ResourceNotFoundException(
        clusterName=None, nodegroupName=None, fargateProfileName=None, addonName=None, message=message
    )


def there(cluster, message):
    return ResourceInUseException(clusterName=cluster.name, nodegroupName=None, addonName=None, message=message)


def belongings(cluster, kind):
    """What a cluster has of a kind, by name."""
    return cluster.__dict__.setdefault("belongings", {}).setdefault(kind, {})


def get(cluster, kind, name):
    found = belongings(cluster, kind).get(name)
    if found is None:
        raise missing(f"No {kind} found for name: {name}.")
    return found


def arn(cluster, kind, *names):
    return "/".join([re.sub(r":cluster/.*", f":{kind}/{cluster.name}", cluster.arn), *names, mock_random.uuid4().hex])


def update(kind):
    return {
        "id": str(mock_random.uuid4()),
        "status": "InProgress",
        "type": kind,
        "params": [],
        "createdAt": utcnow(),
        "errors": [],
    }


class Verbs:
    def cluster(self):
        return self.eks_backend.describe_cluster(name=self._get_param("name"))

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
        self.cluster()
        return ActionResult(
            {"update": {**update("ConfigUpdate"), "id": self._get_param("updateId"), "status": "Successful"}}
        )

    # Add-ons

    def create_addon(self):
        cluster = self.cluster()
        name = self._get_param("addonName")
        if name in belongings(cluster, "addon"):
            raise there(cluster, "Addon already exists.")
        addon = {
            "addonName": name,
            "clusterName": cluster.name,
            "status": "CREATING",
            "addonVersion": self._get_param("addonVersion") or "v1.0.0-eksbuild.1",
            "health": {"issues": []},
            "addonArn": arn(cluster, "addon", name),
            "createdAt": utcnow(),
            "modifiedAt": utcnow(),
            "tags": self._get_param("tags") or {},
            "configurationValues": self._get_param("configurationValues"),
        }
        belongings(cluster, "addon")[name] = addon
        return ActionResult({"addon": dict(addon)})

    def describe_addon(self):
        addon = get(self.cluster(), "addon", self._get_param("addonName"))
        seen = dict(addon)
        if addon["status"] in ("CREATING", "UPDATING"):
            addon["status"] = "ACTIVE"
        return ActionResult({"addon": seen})

    def update_addon(self):
        cluster = self.cluster()
        addon = get(cluster, "addon", self._get_param("addonName"))
        if addon["status"] in ("CREATING", "UPDATING"):
            raise there(cluster, f"Addon {addon['addonName']} cannot be updated as it is {addon['status']}")
        values = self._get_param("configurationValues")
        if values is not None:
            addon["configurationValues"] = values
        addon.update(status="UPDATING", modifiedAt=utcnow())
        return ActionResult({"update": update("AddonUpdate")})

    def delete_addon(self):
        cluster = self.cluster()
        addon = get(cluster, "addon", self._get_param("addonName"))
        del belongings(cluster, "addon")[addon["addonName"]]
        return ActionResult({"addon": {**addon, "status": "DELETING"}})

    def list_addons(self):
        return ActionResult({"addons": sorted(belongings(self.cluster(), "addon"))})

    # Access entries

    def create_access_entry(self):
        cluster = self.cluster()
        principal = self._get_param("principalArn")
        if principal in belongings(cluster, "access-entry"):
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
        belongings(cluster, "access-entry")[principal] = entry
        return ActionResult({"accessEntry": entry})

    def entry(self, cluster):
        return get(cluster, "access-entry", self._get_param("principalArn"))

    def describe_access_entry(self):
        return ActionResult({"accessEntry": self.entry(self.cluster())})

    def update_access_entry(self):
        entry = self.entry(self.cluster())
        groups = self._get_param("kubernetesGroups")
        if groups is not None:
            entry["kubernetesGroups"] = groups
        entry["modifiedAt"] = utcnow()
        return ActionResult({"accessEntry": entry})

    def delete_access_entry(self):
        cluster = self.cluster()
        entry = self.entry(cluster)
        del belongings(cluster, "access-entry")[entry["principalArn"]]
        belongings(cluster, "access-policy").pop(entry["principalArn"], None)
        return EmptyResult()

    def list_access_entries(self):
        return ActionResult({"accessEntries": sorted(belongings(self.cluster(), "access-entry"))})

    def policies(self, cluster, principal):
        return belongings(cluster, "access-policy").setdefault(principal, {})

    def associate_access_policy(self):
        cluster = self.cluster()
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
        cluster = self.cluster()
        principal = self.entry(cluster)["principalArn"]
        return ActionResult(
            {
                "clusterName": cluster.name,
                "principalArn": principal,
                "associatedAccessPolicies": list(self.policies(cluster, principal).values()),
            }
        )

    def disassociate_access_policy(self):
        cluster = self.cluster()
        principal = self.entry(cluster)["principalArn"]
        if self.policies(cluster, principal).pop(self._get_param("policyArn"), None) is None:
            raise missing("The policy is not associated with the access entry")
        return EmptyResult()

    # Pod Identity

    def create_pod_identity_association(self):
        cluster = self.cluster()
        namespace, account = self._get_param("namespace"), self._get_param("serviceAccount")
        for one in belongings(cluster, "pod-identity-association").values():
            if (one["namespace"], one["serviceAccount"]) == (namespace, account):
                raise there(cluster, "Association already exists: " + one["associationId"])
        identifier = "a-" + mock_random.get_random_string(17, include_digits=True).lower()
        association = {
            "clusterName": cluster.name,
            "namespace": namespace,
            "serviceAccount": account,
            "roleArn": self._get_param("roleArn"),
            "associationArn": arn(cluster, "podidentityassociation"),
            "associationId": identifier,
            "tags": self._get_param("tags") or {},
            "createdAt": utcnow(),
            "modifiedAt": utcnow(),
        }
        belongings(cluster, "pod-identity-association")[identifier] = association
        return ActionResult({"association": association})

    def association(self, cluster):
        return get(cluster, "pod-identity-association", self._get_param("associationId"))

    def describe_pod_identity_association(self):
        return ActionResult({"association": self.association(self.cluster())})

    def update_pod_identity_association(self):
        association = self.association(self.cluster())
        association.update(roleArn=self._get_param("roleArn") or association["roleArn"], modifiedAt=utcnow())
        return ActionResult({"association": association})

    def delete_pod_identity_association(self):
        cluster = self.cluster()
        association = self.association(cluster)
        del belongings(cluster, "pod-identity-association")[association["associationId"]]
        return ActionResult({"association": association})

    def list_pod_identity_associations(self):
        namespace, account = self._get_param("namespace"), self._get_param("serviceAccount")
        found = [
            {key: one[key] for key in ("clusterName", "namespace", "serviceAccount", "associationArn", "associationId")}
            for one in belongings(self.cluster(), "pod-identity-association").values()
            if namespace in (None, one["namespace"]) and account in (None, one["serviceAccount"])
        ]
        return ActionResult({"associations": found})


for verb, method in vars(Verbs).items():
    if not verb.startswith("__"):
        setattr(EKSResponse, verb, method)

# Method and path of each verb: moto's own router does not know a name with a slash in it, as an ARN has.
cluster_path = "/clusters/(?P<name>[^/]+)"
ROUTES = [
    ("GET", "/cluster-versions", "DescribeClusterVersions"),
    ("GET", f"{cluster_path}/updates/(?P<updateId>[^/]+)", "DescribeUpdate"),
    ("POST", f"{cluster_path}/addons", "CreateAddon"),
    ("GET", f"{cluster_path}/addons", "ListAddons"),
    ("POST", f"{cluster_path}/addons/(?P<addonName>[^/]+)/update", "UpdateAddon"),
    ("GET", f"{cluster_path}/addons/(?P<addonName>[^/]+)", "DescribeAddon"),
    ("DELETE", f"{cluster_path}/addons/(?P<addonName>[^/]+)", "DeleteAddon"),
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
]

router = EKSResponse._get_action_from_method_and_request_uri


def action(self, request):
    path = unquote(urlparse(self.uri).path)
    for method, pattern, verb in ROUTES:
        found = re.fullmatch(pattern, path)
        if found and request.method == method:
            self.uri_match = found.groupdict()
            return verb
    return router(self, request)


EKSResponse._get_action_from_method_and_request_uri = action
for _, pattern, _ in ROUTES:
    urls.url_paths[f"{{0}}{pattern}$"] = urls.response.dispatch
