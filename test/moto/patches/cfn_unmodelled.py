"""A type of resource that CloudFormation does not know fails the stack. moto writes a line into its log, and goes on without.

Known to AWS but not to moto, and without an effect on what is imitated here: `left_out`, each with why.
"""
from cfn_model import add_type
from moto.cloudformation import parsing
from moto.cloudformation.exceptions import ValidationError

left_out = {
    "AWS::S3::BucketPolicy": "it refuses requests without TLS, and none here has it",
    "AWS::SNS::TopicPolicy": "nobody is judged by it here",
    "AWS::SQS::QueuePolicy": "nobody is judged by it here",
    "AWS::CloudWatch::Alarm": "no metric is kept here",
}
stand_ins = {name: add_type(name, "cloudformation", lambda *_: {}, lambda *_: None) for name in left_out}
class_from_type = parsing.resource_class_from_type


def known_class(resource_type):
    if resource_type in left_out:
        return stand_ins[resource_type]
    found = class_from_type(resource_type)
    if found is None:
        raise ValidationError(message=f"{resource_type} is not imitated: add a patch to test/moto/patches")
    return found


parsing.resource_class_from_type = known_class
