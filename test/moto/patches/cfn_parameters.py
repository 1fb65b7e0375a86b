"""A change set may leave a parameter as it is; a stack has the values of the last change set that was executed, as texts.

moto takes a list of texts for the previous value of a list and fails at it, tells lists where AWS tells texts, compares with what the stack
was made with, and shows no change of a resource for which only a parameter is another.
"""
from moto.cloudformation.models import ChangeSet, CloudFormationBackend, Stack
from moto.cloudformation.parsing import ResourceMap


def texts(self):
    found = self.resource_map.resolved_parameters.items()
    return {key: ",".join(value) if isinstance(value, list) else str(value) for key, value in found}


def parameter_list(self):
    return [{"ParameterKey": key, "ParameterValue": value} for key, value in texts(self).items()]


Stack.stack_parameters = property(texts)
Stack.parameter_list = property(parameter_list)



def has_parameters(self, other):
    # What a change set does not name has its default.
    defaults = {key: str(one.get("Default", "")) for key, one in self.template_dict.get("Parameters", {}).items()}
    return {**defaults, **other} == texts(self)


Stack.has_parameters = has_parameters
diff = ResourceMap.build_resource_diff
changes = ChangeSet.diff
asked = {}


def build_resource_diff(self, other_template, parameters=None):
    given = asked.get(id(self), {}) if parameters is None else parameters
    now = {key: ",".join(value) if isinstance(value, list) else str(value) for key, value in self.resolved_parameters.items()}
    return diff(self, other_template, {key: value for key, value in given.items() if now.get(key) != value})


def with_parameters(self):
    asked[id(self.stack.resource_map)] = self.parameters
    try:
        return changes(self)
    finally:
        del asked[id(self.stack.resource_map)]


ResourceMap.build_resource_diff = build_resource_diff
ChangeSet.diff = with_parameters
