"""Names and descriptions of security groups, and descriptions of their rules, have at most 255 characters of a set; EC2
refuses others, also for CloudFormation. moto takes any, and leaves out what the rules of a template say.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpRange.html
"""
import re

from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import EC2Backend
from moto.ec2.models.security_groups import SecurityGroup, SecurityGroupIngress

takes = re.compile(r"[a-zA-Z0-9. _\-:/()#,@\[\]+=&;{}!$*]{0,255}")
create = EC2Backend.create_security_group
authorize = {way: getattr(EC2Backend, f"authorize_security_group_{way}") for way in ("ingress", "egress")}
from_template = SecurityGroup.create_from_cloudformation_json.__func__
rule_from_template = SecurityGroupIngress.create_from_cloudformation_json.__func__


def check_group(name, value):
    if not takes.fullmatch(value or ""):
        raise EC2ClientError("InvalidParameterValue", f"Invalid security group {name}: {value}")


def check_rules(rules):
    for rule in rules if isinstance(rules, list) else []:
        if isinstance(rule, dict) and not takes.fullmatch(rule.get("Description") or ""):
            raise EC2ClientError(
                "InvalidParameterValue",
                "Invalid rule description. Valid descriptions are strings less than 256 characters from the following set: "
                "a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*",
            )


def create_security_group(self, name, description, *args, **named):
    if not named.get("is_default"):
        check_group("name", name)
        check_group("description", description)
    return create(self, name, description, *args, **named)


def authorizing(original):
    def authorize_rules(self, *args, **named):
        for rules in [*args, *named.values()]:
            check_rules(rules)
        return original(self, *args, **named)

    return authorize_rules


def group_of_template(cls, resource_name, cloudformation_json, *args, **named):
    properties = cloudformation_json["Properties"]
    for kind in ("SecurityGroupIngress", "SecurityGroupEgress"):
        check_rules(properties.get(kind, []))
    return from_template(cls, resource_name, cloudformation_json, *args, **named)


def rule_of_template(cls, resource_name, cloudformation_json, *args, **named):
    check_rules([cloudformation_json["Properties"]])
    return rule_from_template(cls, resource_name, cloudformation_json, *args, **named)


EC2Backend.create_security_group = create_security_group
for way, original in authorize.items():
    setattr(EC2Backend, f"authorize_security_group_{way}", authorizing(original))
SecurityGroup.create_from_cloudformation_json = classmethod(group_of_template)
SecurityGroupIngress.create_from_cloudformation_json = classmethod(rule_of_template)
