"""A change set that was executed leaves the stack with the outputs and exports of its new template; one that fails leaves a stack that
was rolled back, and an event that says why.

moto keeps the old ones, and answers a failure to whoever executes it, who may try again and be told of a success. What
was made before the failure stays: rolling back is not imitated.
"""
from moto.cloudformation.models import CloudFormationBackend

execute = CloudFormationBackend.execute_change_set


def execute_change_set(self, change_set_name, stack_name=None):
    change_set = self.describe_change_set(change_set_name)
    stack = self.stacks[change_set.stack_id]
    try:
        execute(self, change_set_name, stack_name)
        stack._parse_template()
        stack.output_map = stack._create_output_map()
        self.exports.update({export.name: export for export in stack.exports})
    except Exception as error:  # whatever it is, it is why the stack failed
        kind = change_set.change_set_type
        change_set.execution_status = "EXECUTE_FAILED"
        stack._add_stack_event(f"{kind}_FAILED", resource_status_reason=f"{type(error).__name__}: {error}")
        stack.status = "ROLLBACK_COMPLETE" if kind == "CREATE" else "UPDATE_ROLLBACK_COMPLETE"
        stack._add_stack_event(stack.status)


CloudFormationBackend.execute_change_set = execute_change_set
