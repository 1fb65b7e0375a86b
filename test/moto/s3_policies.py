"""What the policies of whoever asks S3 say of an action that the request is not called by, with the conditions that S3
knows of; for patches that judge what moto does not.
"""
import re

from moto import settings
from moto.core.authorization import ActionAuthenticatorMixin
from moto.iam.access_control import IAMPolicy, create_access_key
from moto.utilities.utils import get_partition


def is_judged() -> bool:
    """Whether IAM judges at all (`judge` of test/support/moto/iam-users.ts)."""
    return ActionAuthenticatorMixin.request_count >= settings.INITIAL_NO_AUTH_ACTION_COUNT


def caller(response):
    """The access key by which a request is signed; None: by none, or one that moto does not know as somebody's."""
    key = re.search(r"Credential=([^/]+)/", response.headers.get("Authorization", ""))
    try:
        return key and create_access_key(
            response.current_account, get_partition(response.region), key.group(1), response.headers
        )
    except Exception:  # whoever it is, moto has refused the request before
        return None


def allows(access_key, action: str, resource: str, context: dict) -> bool:
    """A statement whose condition asks for what the context lacks does not hold."""
    allowed = False
    for policy in access_key.collect_policies():
        document = IAMPolicy(policy)._policy_json
        for statement in listed(document["Statement"]):
            if not holds(statement, action, resource, context):
                continue
            if statement["Effect"] == "Deny":
                return False
            allowed = True
    return allowed


def holds(statement: dict, action: str, resource: str, context: dict) -> bool:
    if "Action" in statement and not matches(statement["Action"], action, ignore_case=True):
        return False
    if "NotAction" in statement and matches(statement["NotAction"], action, ignore_case=True):
        return False
    if "Resource" in statement and not matches(statement["Resource"], resource):
        return False
    if "NotResource" in statement and matches(statement["NotResource"], resource):
        return False
    return all(
        condition(operator, wanted, context.get(key.lower()))
        for operator, keys in statement.get("Condition", {}).items()
        for key, wanted in keys.items()
    )


def condition(operator: str, wanted, given) -> bool:
    name = operator.rpartition(":")[2]
    if name == "Null":
        return (given is None) == (str(listed(wanted)[0]).lower() == "true")
    base = name[: -len("IfExists")] if name.endswith("IfExists") else name
    if given is None:
        return name.endswith("IfExists") or "Not" in base
    if base.startswith("StringNot") or base == "ArnNotLike":
        return not condition(base.replace("Not", ""), wanted, given)
    if base in ("StringLike", "ArnLike", "ArnEquals"):
        return matches(wanted, given)
    if base in ("StringEquals", "Bool"):
        return given in [str(one) for one in listed(wanted)]
    raise NotImplementedError(f"condition {operator}")


def matches(patterns, text: str, ignore_case: bool = False) -> bool:
    return any(
        re.fullmatch(
            re.escape(pattern).replace(r"\*", ".*").replace(r"\?", "."), text, re.DOTALL | (re.I if ignore_case else 0)
        )
        for pattern in listed(patterns)
    )


def listed(value) -> list:
    return value if isinstance(value, list) else [value]


