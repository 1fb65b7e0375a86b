"""A repeated request to run machines, with the token of an earlier one, is answered with the machines of that one; one
that asks for something else with it is refused. moto runs others. Tokens are forgotten when the account is reset.
"""
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models.instances import InstanceBackend

run = InstanceBackend.run_instances
UNSAID = "ABCDE"


def run_instances(self, *args, **kwargs):
    token = kwargs.get("client_token")
    if token in (None, "", UNSAID):
        return run(self, *args, **kwargs)
    made = self.__dict__.setdefault("reservations_by_token", {})
    asked = repr((args, sorted(kwargs.items())))
    if token not in made:
        made[token] = asked, run(self, *args, **kwargs)
    before, reservation = made[token]
    if asked != before:
        raise EC2ClientError(
            "IdempotentParameterMismatch", "Arguments on this idempotent request are inconsistent with arguments used before"
        )
    return reservation


InstanceBackend.run_instances = run_instances
