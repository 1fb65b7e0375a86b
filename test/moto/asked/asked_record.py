"""Keeps what each request that a role or a user signs takes of IAM: who, which action, which resource, under which conditions.

`GET /_requests/asked`: {"callers": [{principal, role, policies, session}], "asked": [{caller, operation, action, resource,
context, buckets}]}, each once; a caller is its place in the list. What was refused already is left out. test/support/iam/judge-requests.ts
judges them.
"""
import json
import sys
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from moto.s3.models import s3_backends  # noqa: E402

import asked_ec2  # noqa: E402, F401
import asked_eks  # noqa: E402, F401
from asked_by import caller  # noqa: E402
from asked_services import Ask, asks, s3_absent  # noqa: E402
from asked_things import Place, account  # noqa: E402

lock = threading.Lock()
callers: dict[str, int] = {}
asked: dict[str, None] = {}


class Recorded:
    """A request on its way: what it takes is looked up before it changes anything, and kept when it was not refused."""

    def __init__(self, service: str, operation, values: dict, environ: dict):
        self.name = f"{service}:{operation.name}"
        self.values = values
        self.caller = caller(environ)
        self.asks: list[Ask] = []
        if self.caller:
            self.place = Place(region_of(environ))
            self.asks = asks(service, operation.name, values, self.place)

    def answered(self, status: str) -> None:
        code = status.split(" ")[0]
        if not self.caller or code == "403":
            return
        found = list(self.asks)
        if self.name.startswith("s3:") and code == "404" and "Key" in self.values:
            found += s3_absent(self.name.split(":")[1], self.values)
        for ask in found:
            keep(self.caller, self.name, ask)


def keep(by: dict, operation: str, ask: Ask) -> None:
    line = {"operation": operation, "action": ask.action, "resource": ask.resource, "context": ask.context}
    policy = policy_of(ask.resource)
    if policy:
        line["resourcePolicy"] = policy
    with lock:
        number = callers.setdefault(json.dumps(by), len(callers))
        asked.setdefault(json.dumps({"caller": number, **line}, default=str))


def policy_of(resource: str) -> dict | None:
    """A bucket's own."""
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
        return {"callers": [json.loads(one) for one in callers], "asked": [json.loads(one) for one in asked]}
