"""`Fn::GetAtt` of a log group's Arn ends with `:*`, as policies need it; moto leaves it out.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-logs-loggroup.html
"""
from moto.logs.models import LogGroup

known = LogGroup.get_cfn_attribute


def attribute(self, attribute_name):
    value = known(self, attribute_name)
    return f"{value}:*" if attribute_name == "Arn" and not value.endswith(":*") else value


LogGroup.get_cfn_attribute = attribute
