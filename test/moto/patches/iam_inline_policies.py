"""What the policies of a role say is asked, also of a role that CloudFormation made; moto does not find its way into those."""
import json

from moto.iam.access_control import IAMPolicy

init = IAMPolicy.__init__


def init_policy(self, policy):
    init(self, json.dumps(policy) if isinstance(policy, dict) and "Statement" in policy else policy)


IAMPolicy.__init__ = init_policy
