"""Not AWS's behaviour: where moto does not know which resource is asked for, any that a statement names will do; conditions
are taken for true.

moto would refuse both. So whoever asks is judged at once by actions; by resources in S3, SQS, IAM and STS, where moto knows
them; and by everything at the end, with conditions, by test/support/iam/judge-requests.ts.
"""
from moto.iam.access_control import IAMPolicyStatement

check_element, check_conditions = IAMPolicyStatement._check_element_matches, IAMPolicyStatement._check_conditions


def check_element_matches(self, statement_element, value):
    return (statement_element == "Resource" and value == "*") or check_element(self, statement_element, value)


def check_conditions_known(self, incoming_condition_values):
    return incoming_condition_values is None or check_conditions(self, incoming_condition_values)


IAMPolicyStatement._check_element_matches = check_element_matches
IAMPolicyStatement._check_conditions = check_conditions_known
