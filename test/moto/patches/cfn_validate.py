"""ValidateTemplate refuses a template for errors. moto also does for what cfn-lint only warns of."""
from moto.cloudformation.models import CloudFormationBackend
from moto.cloudformation.utils import validate_template_cfn_lint


def validate_template(self, template):
    return [match for match in validate_template_cfn_lint(template) if match.rule.id.startswith("E")]


CloudFormationBackend.validate_template = validate_template
