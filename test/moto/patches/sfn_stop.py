"""StopExecution ends an execution at once, whatever it waits for, and DescribeExecution tells the error and cause given.

moto forgets both, and the execution is ABORTED only when the state that runs is through, which may be hours.
"""
import datetime

from moto.stepfunctions.models import StateMachine
from moto.stepfunctions.parser.api import ExecutionStatus, HistoryEventType
from moto.stepfunctions.parser.api import ExecutionAbortedEventDetails
from moto.stepfunctions.parser.asl.eval.event.event_detail import EventDetails
from moto.stepfunctions.parser.backend.execution import BaseExecutionWorkerCommunication, Execution
from moto.stepfunctions.responses import StepFunctionResponse

stop, stop_response = Execution.stop, StepFunctionResponse.stop_execution
terminated = BaseExecutionWorkerCommunication.terminated
said = {}


def told(self):
    """Keeps what the request says, until the execution is reached."""
    said[self._get_param("executionArn")] = self._get_param("error"), self._get_param("cause")
    return stop_response(self)


def stopped(self, stop_date, error, cause):
    if self.exec_status != ExecutionStatus.RUNNING:
        return
    error, cause = said.pop(self.exec_arn, (None, None))
    stop(self, stop_date=stop_date, error=error, cause=cause)
    env = self.exec_worker.env
    env.event_history_context.source_event_id = 0
    details = ExecutionAbortedEventDetails(error=error, cause=cause)
    env.event_manager.add_event(
        context=env.event_history_context,
        event_type=HistoryEventType.ExecutionAborted,
        event_details=EventDetails(executionAbortedEventDetails=details),
    )
    self.error, self.cause = error, cause
    self.stop_date = datetime.datetime.now(tz=datetime.timezone.utc)
    self.exec_status = ExecutionStatus.ABORTED


def end_once(self):
    if self.execution.exec_status != ExecutionStatus.ABORTED:
        terminated(self)


StepFunctionResponse.stop_execution = told
Execution.stop = stopped
BaseExecutionWorkerCommunication.terminated = end_once
