"""EKS has add-ons, CREATING or UPDATING when first looked at after a change, ACTIVE from the next look on. moto has none."""
from eks_subresources import add, arn, subresources, cluster_of, cluster_path, get, there, update
from moto.core.responses import ActionResult
from moto.core.utils import utcnow


class Verbs:
    def create_addon(self):
        cluster = cluster_of(self)
        name = self._get_param("addonName")
        if name in subresources(cluster, "addon"):
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
        subresources(cluster, "addon")[name] = addon
        return ActionResult({"addon": dict(addon)})

    def describe_addon(self):
        addon = get(cluster_of(self), "addon", self._get_param("addonName"))
        seen = dict(addon)
        if addon["status"] in ("CREATING", "UPDATING"):
            addon["status"] = "ACTIVE"
        return ActionResult({"addon": seen})

    def update_addon(self):
        cluster = cluster_of(self)
        addon = get(cluster, "addon", self._get_param("addonName"))
        if addon["status"] in ("CREATING", "UPDATING"):
            raise there(cluster, f"Addon {addon['addonName']} cannot be updated as it is {addon['status']}")
        values = self._get_param("configurationValues")
        if values is not None:
            addon["configurationValues"] = values
        addon.update(status="UPDATING", modifiedAt=utcnow())
        return ActionResult({"update": update("AddonUpdate")})

    def delete_addon(self):
        cluster = cluster_of(self)
        addon = get(cluster, "addon", self._get_param("addonName"))
        del subresources(cluster, "addon")[addon["addonName"]]
        return ActionResult({"addon": {**addon, "status": "DELETING"}})

    def list_addons(self):
        return ActionResult({"addons": sorted(subresources(cluster_of(self), "addon"))})


add(
    Verbs,
    [
        ("POST", f"{cluster_path}/addons", "CreateAddon"),
        ("GET", f"{cluster_path}/addons", "ListAddons"),
        ("POST", f"{cluster_path}/addons/(?P<addonName>[^/]+)/update", "UpdateAddon"),
        ("GET", f"{cluster_path}/addons/(?P<addonName>[^/]+)", "DescribeAddon"),
        ("DELETE", f"{cluster_path}/addons/(?P<addonName>[^/]+)", "DeleteAddon"),
    ],
)
