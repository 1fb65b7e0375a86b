"""A session's own policy bounds what its role may do: both have to allow a request. moto looks at the role's alone.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#policies_session
"""
from moto.iam.access_control import AssumedRoleAccessKey, IAMPolicy, IAMRequestBase, PermissionResult
from moto.sts.models import sts_backends

check = IAMRequestBase.check_action_permitted


def policy_of(key):
    if not isinstance(key, AssumedRoleAccessKey):
        return None
    roles = sts_backends[key.account_id][key.partition].assumed_roles
    return next((one.policy for one in roles if one.access_key_id == key._access_key_id), None)


def check_action_permitted(self, resource):
    check(self, resource)
    policy = policy_of(self._access_key)
    if policy is not None and IAMPolicy(policy).is_action_permitted(self._action, resource) != PermissionResult.PERMITTED:
        self._raise_access_denied()


IAMRequestBase.check_action_permitted = check_action_permitted
