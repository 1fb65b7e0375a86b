"""What a cluster of EKS asks AWS for: who a token is, which machines are its nodes, which role a pod has.

- `/moto-api/box/who?cluster=NAME&token=TOKEN`: {username, groups} of an access entry; 401 when there is none. The token
  is a request to STS that was signed for this cluster; here it is judged instead of sent.
- `/moto-api/box/nodes?cluster=NAME`: the running machines of its nodegroups.
- `/moto-api/box/credentials?cluster=NAME&namespace=N&account=A`: credentials of the role that Pod Identity gives a
  service account, as the agent on a node hands them out; 404 when there is none.
"""
import base64
import hmac
import json
import os
import re
from hashlib import sha256
from urllib.parse import parse_qs, quote, urlparse

from eks_access_creator import ADMIN
from moto.autoscaling.models import autoscaling_backends
from moto.eks.models import eks_backends
from moto.moto_api._internal.urls import url_paths
from moto.sts.models import sts_backends
from roles import credentials_of


def asked(full_url):
    return {name: values[0] for name, values in parse_qs(urlparse(full_url).query).items()}


def find(name):
    """A cluster by its name, in whichever region; (backend, cluster)."""
    for accounts in eks_backends.values():
        for backend in accounts.values():
            if name in backend.clusters:
                return backend, backend.clusters[name]
    raise KeyError(name)


def subresources(cluster, kind):
    return getattr(cluster, "subresources", {}).get(kind, {})


def principal(arn):
    """The role, or user, that acts under this ARN."""
    assumed = re.fullmatch(r"arn:aws:sts::(\d+):assumed-role/([^/]+)/.*", arn)
    return f"arn:aws:iam::{assumed[1]}:role/{assumed[2]}" if assumed else arn


def who(request, full_url, headers):
    given = asked(full_url)
    try:
        caller = caller_of(given["token"], given["cluster"])
        _, cluster = find(given["cluster"])
        entry = subresources(cluster, "access-entry")[principal(caller)]
    except (KeyError, ValueError) as error:
        return 401, {}, json.dumps({"message": f"no access entry: {error}"})
    groups = ["system:authenticated", *entry["kubernetesGroups"]]
    if ADMIN in subresources(cluster, "access-policy").get(entry["principalArn"], {}):
        groups.append("system:masters")
    return 200, {}, json.dumps({"username": caller, "groups": groups})


def caller_of(token, cluster):
    """Whose request to STS it is, after the signature was checked as STS checks it."""
    kind, _, coded = token.partition(".")
    if kind != "k8s-aws-v1":
        raise ValueError("this is no token of EKS")
    url = urlparse(base64.urlsafe_b64decode(coded + "=" * (-len(coded) % 4)).decode())
    query = asked(url.geturl())
    if url.netloc != f"127.0.0.1:{os.environ['MOTO_PORT']}" or query.get("Action") != "GetCallerIdentity":
        raise ValueError("this is no request to STS")
    if query["X-Amz-SignedHeaders"] != "host;x-k8s-aws-id" or int(query["X-Amz-Expires"]) > 900:
        raise ValueError("it is not signed for a cluster")
    key, *scope = query["X-Amz-Credential"].split("/")
    sts = sts_backends["123456789012"]["aws"]
    role = next((one for one in sts.assumed_roles if one.access_key_id == key), None)
    if role is None or query.get("X-Amz-Security-Token") != role.session_token:
        raise ValueError("nobody has these credentials")
    if signature(role.secret_access_key, scope, query, f"host:{url.netloc}\nx-k8s-aws-id:{cluster}\n") != query["X-Amz-Signature"]:
        raise ValueError("the signature does not match")
    return sts.get_caller_identity(key, scope[1])[1]


def signature(secret, scope, query, headers):
    """Signature Version 4 of a GET of / without a body."""
    pairs = sorted((quote(name, "~"), quote(value, "~")) for name, value in query.items() if name != "X-Amz-Signature")
    asked_for = "&".join(f"{name}={value}" for name, value in pairs)
    lines = ["GET", "/", asked_for, headers, query["X-Amz-SignedHeaders"], sha256(b"").hexdigest()]
    text = ["AWS4-HMAC-SHA256", query["X-Amz-Date"], "/".join(scope), sha256("\n".join(lines).encode()).hexdigest()]
    key = f"AWS4{secret}".encode()
    for part in [*scope, "\n".join(text)]:
        key = hmac.digest(key, part.encode(), "sha256")
    return key.hex()


def nodes(request, full_url, headers):
    try:
        backend, cluster = find(asked(full_url)["cluster"])
    except KeyError:
        return 404, {}, "[]"
    found = []
    groups = autoscaling_backends[backend.account_id][backend.region_name].autoscaling_groups
    for nodegroup in cluster.nodegroups.values():
        group = groups.get(nodegroup.resources["autoScalingGroups"][0]["name"])
        for state in group.instance_states if group else []:
            machine = state.instance
            if machine.state == "running":
                found.append(
                    {
                        "instance": machine.id,
                        "nodegroup": nodegroup.nodegroup_name,
                        "group": (nodegroup.labels or {}).get("gcd-sfn/nodegroup", nodegroup.nodegroup_name),
                        "type": nodegroup.instance_types[0],
                    }
                )
    return 200, {}, json.dumps(found)


def credentials(request, full_url, headers):
    given = asked(full_url)
    try:
        _, cluster = find(given["cluster"])
    except KeyError:
        return 404, {}, "no cluster"
    for one in subresources(cluster, "pod-identity-association").values():
        if (one["namespace"], one["serviceAccount"]) == (given["namespace"], given["account"]):
            role = credentials_of(one["roleArn"], "pod", policy=one["policy"])
            body = {
                "AccessKeyId": role["AWS_ACCESS_KEY_ID"],
                "SecretAccessKey": role["AWS_SECRET_ACCESS_KEY"],
                "Token": role["AWS_SESSION_TOKEN"],
                "AccountId": one["roleArn"].split(":")[4],
                "Expiration": "2099-01-01T00:00:00Z",
            }
            return 200, {"content-type": "application/json"}, json.dumps(body)
    return 404, {}, "no association"


url_paths["{0}/moto-api/box/who$"] = who
url_paths["{0}/moto-api/box/nodes$"] = nodes
url_paths["{0}/moto-api/box/credentials$"] = credentials
