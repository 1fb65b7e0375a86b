"""A repository that CloudFormation names gets small letters only: ECR takes no others."""
from moto.cloudformation import parsing

generate = parsing.generate_resource_name


def generate_resource_name(resource_type, stack_name, logical_id):
    name = generate(resource_type, stack_name, logical_id)
    return name.lower() if resource_type == "AWS::ECR::Repository" else name


parsing.generate_resource_name = generate_resource_name
