"""Records the IAM permissions that each request of a role or a user requires: caller, action, resource, condition keys.

`GET /_requests/permissions`: {"callers": [{principal, role, policies, session}], "required": [{caller, operation, action,
resource, context, resourcePolicy}]}, without duplicates; `caller` is an index into `callers`. Requests that moto refused
are left out. test/support/iam/judge-requests.ts evaluates them.
"""
import json
import sys
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from moto.s3.models import s3_backends  # noqa: E402

import ec2_permissions  # noqa: E402, F401
import eks_permissions  # noqa: E402, F401
from request_caller import caller  # noqa: E402
from service_permissions import Permission, permissions_of, s3_absent  # noqa: E402
from resource_arns import Resources, account  # noqa: E402

lock = threading.Lock()
callers: dict[str, int] = {}
required: dict[str, None] = {}


class RecordedRequest:
    """A request in progress. Its permissions are determined before it changes anything, and recorded if it succeeds."""

    def __init__(self, service: str, operation, values: dict, environ: dict):
        self.name = f"{service}:{operation.name}"
        self.values = values
        self.caller = caller(environ)
        self.permissions: list[Permission] = []
        if self.caller:
            self.resources = Resources(region_of(environ))
            self.permissions = permissions_of(service, operation.name, values, self.resources)

    def answered(self, status: str) -> None:
        code = status.split(" ")[0]
        if not self.caller or code == "403":
            return
        found = list(self.permissions)
        if self.name.startswith("s3:") and code == "404" and "Key" in self.values:
            found += s3_absent(self.name.split(":")[1], self.values)
        for permission in found:
            record(self.caller, self.name, permission)


def record(by: dict, operation: str, permission: Permission) -> None:
    line = {"operation": operation, "action": permission.action, "resource": permission.resource, "context": permission.context}
    policy = policy_of(permission.resource)
    if policy:
        line["resourcePolicy"] = policy
    with lock:
        number = callers.setdefault(json.dumps(by), len(callers))
        required.setdefault(json.dumps({"caller": number, **line}, default=str))


def policy_of(resource: str) -> dict | None:
    """The bucket's own policy, for resources of S3."""
    if not resource.startswith("arn:aws:s3:::"):
        return None
    bucket = s3_backends[account]["aws"].buckets.get(resource.removeprefix("arn:aws:s3:::").split("/")[0])
    return json.loads(bucket.policy) if bucket is not None and bucket.policy else None


def region_of(environ) -> str:
    for text, mark in ((environ.get("HTTP_AUTHORIZATION", ""), "Credential="), (environ.get("QUERY_STRING", "").replace("%2F", "/"), "X-Amz-Credential=")):
        if mark in text:
            return text.split(mark, 1)[1].split("/")[2]
    return "us-east-1"


def report() -> dict:
    with lock:
        return {"callers": [json.loads(one) for one in callers], "required": [json.loads(one) for one in required]}
