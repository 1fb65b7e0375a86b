"""A repeated request to run machines, with the token of an earlier one, is answered with the machines of that one; one
that asks for something else with it is refused. moto runs others. Tokens are forgotten when the account is reset.
"""
import threading

from moto.ec2.exceptions import EC2ClientError
from moto.ec2.responses.instances import InstanceResponse

run = InstanceResponse.run_instances
one_at_a_time = threading.Lock()


def run_instances(self):
    token = self._get_param("ClientToken")
    if not token:
        return run(self)
    answers = self.ec2_backend.__dict__.setdefault("answers_by_token", {})
    asked = repr(sorted(self.querystring.items()))
    with one_at_a_time:
        if token not in answers:
            answers[token] = asked, run(self)
    before, answer = answers[token]
    if asked != before:
        raise EC2ClientError(
            "IdempotentParameterMismatch",
            "Arguments on this idempotent request are inconsistent with arguments used in previous request(s).",
        )
    return answer


InstanceResponse.run_instances = run_instances
