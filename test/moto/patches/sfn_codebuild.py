"""`codebuild:startBuild.sync` starts a build and waits for its end: the build is the result, or the cause of States.TaskFailed.

moto refuses the service. What CodeBuild itself refuses is an error such as CodeBuild.CodeBuildException.
"""
import json

from botocore.exceptions import ClientError
from moto.stepfunctions.parser.api import HistoryEventType, TaskFailedEventDetails
from moto.stepfunctions.parser.asl.component.common.error_name.custom_error_name import CustomErrorName
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import FailureEvent, FailureEventException
from moto.stepfunctions.parser.asl.component.state.exec.state_task import state_task_factory
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import state_task_service_factory
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import state_task_service_callback as callback
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.resource import ResourceCondition
from moto.stepfunctions.parser.asl.eval.event.event_detail import EventDetails
from moto.stepfunctions.parser.asl.utils import boto_client


def first_letters(change, value):
    """The same value with the first letters of its keys changed, times as texts."""
    if isinstance(value, dict):
        return {change(key[0]) + key[1:]: first_letters(change, member) for key, member in value.items()}
    if isinstance(value, list):
        return [first_letters(change, member) for member in value]
    return value.isoformat() if hasattr(value, "isoformat") else value


class CodeBuildTask(callback.StateTaskServiceCallback):
    def __init__(self):
        # moto makes the token with which it waits only for states that could wait for one.
        patterns = {ResourceCondition.Sync, ResourceCondition.WaitForTaskToken}
        super().__init__(supported_integration_patterns=patterns)

    def _get_supported_parameters(self):
        return None

    def _validate_service_integration_is_supported(self):
        if self.resource.api_action != "startBuild" or self.resource.condition != ResourceCondition.Sync:
            raise ValueError(f"{self.resource.resource_arn} is not imitated")

    def _failure(self, env, error, cause):
        details = TaskFailedEventDetails(
            resourceType=self._get_sfn_resource_type(), resource=self._get_sfn_resource(), error=error, cause=cause
        )
        return FailureEvent(
            env=env,
            error_name=CustomErrorName(error),
            event_type=HistoryEventType.TaskFailed,
            event_details=EventDetails(taskFailedEventDetails=details),
        )

    def _from_error(self, env, ex):
        if isinstance(ex, ClientError):
            code = ex.response["Error"]["Code"]
            name = code if code.endswith("Exception") else f"{code}Exception"
            return self._failure(env, f"CodeBuild.{name}", ex.response["Error"]["Message"])
        return super()._from_error(env=env, ex=ex)

    def _client(self, part, credentials):
        return boto_client.boto_client_for(service="codebuild", region=part.region, state_credentials=credentials)

    def _eval_service_task(self, env, resource_runtime_part, normalised_parameters, state_credentials):
        client = self._client(resource_runtime_part, state_credentials)
        answer = client.start_build(**first_letters(str.lower, normalised_parameters))
        answer.pop("ResponseMetadata", None)
        env.stack.append(first_letters(str.upper, answer))

    def _build_sync_resolver(self, env, resource_runtime_part, normalised_parameters, state_credentials):
        build_id = env.stack.pop()["Build"]["Id"]
        client = self._client(resource_runtime_part, state_credentials)

        def look():
            build = first_letters(str.upper, client.batch_get_builds(ids=[build_id])["builds"][0])
            if build["BuildStatus"] == "IN_PROGRESS":
                return None
            if build["BuildStatus"] != "SUCCEEDED":
                cause = json.dumps({"Build": build})
                raise FailureEventException(failure_event=self._failure(env, "States.TaskFailed", cause))
            return {"Build": build}

        return look


known = state_task_service_factory.state_task_service_for


def service_for(service_name):
    return CodeBuildTask() if service_name == "codebuild" else known(service_name)


state_task_service_factory.state_task_service_for = state_task_factory.state_task_service_for = service_for
