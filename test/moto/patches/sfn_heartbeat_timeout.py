"""A heartbeat that does not come is the error States.HeartbeatTimeout to Retry and Catch; moto calls it States.Timeout, as
any other. In the history it is States.Timeout for both, and there is no cause (test/support/aws/recorded-answers.ts: heartbeatMissed).
"""
from moto.stepfunctions.parser.api import HistoryEventType, TaskTimedOutEventDetails
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import FailureEvent
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name import StatesErrorName
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name_type import StatesErrorNameType
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_callback import (
    StateTaskServiceCallback,
)
from moto.stepfunctions.parser.asl.eval.callback.callback import HeartbeatTimeoutError
from moto.stepfunctions.parser.asl.eval.event.event_detail import EventDetails

from_error = StateTaskServiceCallback._from_error


def named(self, env, ex):
    if not isinstance(ex, HeartbeatTimeoutError):
        return from_error(self, env=env, ex=ex)
    return FailureEvent(
        env=env,
        error_name=StatesErrorName(typ=StatesErrorNameType.StatesHeartbeatTimeout),
        event_type=HistoryEventType.TaskTimedOut,
        event_details=EventDetails(
            taskTimedOutEventDetails=TaskTimedOutEventDetails(
                resourceType=self._get_sfn_resource_type(),
                resource=self._get_sfn_resource(),
                error=StatesErrorNameType.StatesTimeout.to_name(),
            )
        ),
    )


StateTaskServiceCallback._from_error = named
