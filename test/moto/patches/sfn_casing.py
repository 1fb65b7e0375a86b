"""`aws-sdk:` and `states:` tasks take and give parameters in PascalCase, whatever the SDK's own names are; times as texts.

moto has the translation and does not use it, so that parameters of services such as EKS get lost.
"""
from functools import lru_cache

import botocore.session
from botocore import xform_name
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service import StateTaskService

session = botocore.session.get_session()
service_model = lru_cache(session.get_service_model)


def operation(task, service, action):
    model = service_model(task._get_boto_service_name(service))
    wanted = task._get_boto_service_action(action)
    return next((model.operation_model(name) for name in model.operation_names if xform_name(name) == wanted), None)


def normalise_parameters(self, parameters, boto_service_name=None, service_action_name=None):
    found = operation(self, boto_service_name, service_action_name)
    if found and found.input_shape:
        self._to_boto_request(parameters, found.input_shape)


def normalise_response(self, response, boto_service_name=None, service_action_name=None):
    found = operation(self, boto_service_name, service_action_name)
    if found and found.output_shape:
        self._from_boto_response(response, found.output_shape)
    write_times(response)


def write_times(value):
    if isinstance(value, dict):
        members = list(value.items())
    elif isinstance(value, list):
        members = list(enumerate(value))
    else:
        return
    for key, member in members:
        if hasattr(member, "isoformat"):
            value[key] = member.isoformat()
        else:
            write_times(member)


StateTaskService._normalise_parameters = normalise_parameters
StateTaskService._normalise_response = normalise_response
