"""The role or user that signed a request, with the policies that it has at that moment."""
import json
from urllib.parse import parse_qs

from moto.iam.models import Policy, iam_backends
from moto.sts.models import sts_backends


def caller(environ) -> dict | None:
    """{principal, role, policies, session}; None for unknown keys, with which tests may do anything."""
    key = access_key(environ)
    if key is None:
        return None
    for account, backends in sts_backends.items():
        for partition, sts in backends.items():
            for assumed in list(sts.assumed_roles):
                if assumed.access_key_id == key:
                    return of_role(iam_backends[account][partition], assumed)
    for account, backends in iam_backends.items():
        for iam in backends.values():
            for user in list(iam.users.values()):
                if any(one.access_key_id == key for one in user.access_keys):
                    return of_user(iam, user)
    return None


def access_key(environ) -> str | None:
    header = environ.get("HTTP_AUTHORIZATION", "").partition("Credential=")[2]
    query = parse_qs(environ.get("QUERY_STRING", "")).get("X-Amz-Credential", [""])[0]
    return (header or query).split("/")[0] or None


def of_role(iam, assumed) -> dict:
    name = assumed.role_arn.split("/")[-1]
    inline = [iam.get_role_policy(name, policy)[1] for policy in iam.list_role_policies(name)]
    attached, _ = iam.list_attached_role_policies(name)
    return {
        "principal": assumed.arn,
        "role": assumed.role_arn,
        "policies": [document(one) for one in [*inline, *attached]],
        "session": json.loads(assumed.policy) if assumed.policy else None,
    }


def of_user(iam, user) -> dict:
    inline = [iam.get_user_policy(user.name, policy) for policy in iam.list_user_policies(user.name)]
    attached, _ = iam.list_attached_user_policies(user.name)
    return {
        "principal": user.arn,
        "role": user.arn,
        "policies": [document(one) for one in [*inline, *attached]],
        "session": None,
    }


def document(policy) -> dict:
    if isinstance(policy, Policy):
        policy = next(one for one in policy.versions if one.is_default).document
    if isinstance(policy, dict) and "policy_document" in policy:
        policy = policy["policy_document"]
    return json.loads(policy) if isinstance(policy, str) else policy
