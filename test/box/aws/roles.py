"""Whoever has a role acts with credentials of it: functions, builds, state machines. moto gives them all names of its own.

So IAM, when it judges, judges each by its own role's policies.
"""
from moto.sts.models import sts_backends


def credentials_of(role_arn: str, session: str, policy: str | None = None) -> dict[str, str]:
    """As STS hands them out, by the names of the variables in which programs look for them.

    A policy of the session is one that each request has to pass, too.
    """
    account = role_arn.split(":")[4]
    given = sts_backends[account]["aws"].assume_role(
        region_name="us-east-1",
        role_session_name=session[:64],
        role_arn=role_arn,
        policy=policy,
        duration=3600,
        external_id=None,
    )
    return {
        "AWS_ACCESS_KEY_ID": given.access_key_id,
        "AWS_SECRET_ACCESS_KEY": given.secret_access_key,
        "AWS_SESSION_TOKEN": given.session_token,
    }
