"""What patches of EKS share: verbs that moto lacks, and what a cluster has besides its nodegroups."""
import re
from urllib.parse import unquote, urlparse

import moto.eks.urls as urls
from moto.core.utils import utcnow
from moto.eks.exceptions import ResourceInUseException, ResourceNotFoundException
from moto.eks.responses import EKSResponse
from moto.moto_api._internal import mock_random

cluster_path = "/clusters/(?P<name>[^/]+)"
routes = []
router = EKSResponse._get_action_from_method_and_request_uri


def missing(message):
    return ResourceNotFoundException(
        clusterName=None, nodegroupName=None, fargateProfileName=None, addonName=None, message=message
    )


def there(cluster, message):
    return ResourceInUseException(clusterName=cluster.name, nodegroupName=None, addonName=None, message=message)


def cluster_of(response):
    """The cluster that a request is about."""
    return response.eks_backend.describe_cluster(name=response._get_param("name"))


def subresources(cluster, kind):
    """What a cluster has of a kind, by name. It goes with the cluster."""
    return cluster.__dict__.setdefault("subresources", {}).setdefault(kind, {})


def get(cluster, kind, name):
    found = subresources(cluster, kind).get(name)
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


def add(verbs, wanted):
    """Gives moto the methods of a class as verbs. `wanted`: method, path and name of each, the most special first."""
    for name, method in vars(verbs).items():
        if not name.startswith("__"):
            setattr(EKSResponse, name, method)
    routes.extend(wanted)
    for _, pattern, _ in wanted:
        urls.url_paths[f"{{0}}{pattern}$"] = urls.response.dispatch


def action(self, request):
    """The verb of a request: moto's own router does not know a name with a slash in it, as an ARN has."""
    path = unquote(urlparse(self.uri).path)
    for method, pattern, verb in routes:
        found = re.fullmatch(pattern, path)
        if found and request.method == method:
            self.uri_match = found.groupdict()
            return verb
    return router(self, request)


EKSResponse._get_action_from_method_and_request_uri = action
