"""A child or branch that fails ends its Map or Parallel at once, and its siblings with it. A Distributed Map fails with
States.ExceedToleratedFailureThreshold once more of its items failed than it tolerates: none, unless it says otherwise.

moto takes all that fail in a Distributed Map for tolerated, goes on handing out items, and waits for each of them. What an
inline Map or a Parallel leaves behind goes on waiting, and its task tokens go on being answered as if somebody heard it.
"""
import datetime

from moto.stepfunctions.parser.api import ExecutionFailedEventDetails, HistoryEventType
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import FailureEvent, FailureEventException
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name import StatesErrorName
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name_type import StatesErrorNameType
from moto.stepfunctions.parser.asl.component.state.exec.execute_state import ExecutionState
from moto.stepfunctions.parser.asl.component.state.exec.state_map.iteration.itemprocessor.distributed_item_processor_worker import (
    DistributedItemProcessorWorker,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_map.state_map import StateMap
from moto.stepfunctions.parser.asl.eval.environment import Environment
from moto.stepfunctions.parser.asl.eval.event.event_detail import EventDetails
from moto.stepfunctions.parser.asl.eval.program_state import ProgramError
from sfn_attempts import end_token

exceeded = StatesErrorNameType.StatesExceedToleratedFailureThreshold
eval_job = DistributedItemProcessorWorker._eval_job
eval_map = StateMap._eval_execution
evaluate = ExecutionState._evaluate_with_timeout
close_frame = Environment.close_frame


def is_exceeded(record, failed: int, total: int) -> bool:
    """Whether a Map Run fails; a limit of 0 is one that the definition does not set."""
    most, percentage = record.tolerated_failure_count, record.tolerated_failure_percentage
    if not most and not percentage:
        return failed > 0
    return bool(most and failed > most or percentage and failed * 100 > percentage * total)


def counted(self, env, job):
    eval_job(self, env, job)
    failed = self._map_run_record.item_counter.failed.get()
    if isinstance(env.program_state(), ProgramError) and is_exceeded(self._map_run_record, failed, self._job_pool._jobs_number):
        details = ExecutionFailedEventDetails(
            error=exceeded.to_name(), cause="The specified tolerated failure threshold was exceeded"
        )
        event = FailureEvent(
            env=env,
            error_name=StatesErrorName(typ=exceeded),
            event_type=HistoryEventType.MapStateFailed,
            event_details=EventDetails(executionFailedEventDetails=details),
        )
        job.job_output = FailureEventException(failure_event=event)


def stopping(self, env):
    """Children that are on their way are aborted, not ended."""
    try:
        eval_map(self, env)
    except Exception:
        for child in list(env._frames):
            child.set_stop(stop_date=datetime.datetime.now(tz=datetime.timezone.utc), cause=None, error=None)
        raise


def unless_ended(self, env):
    """What comes of a state whose surroundings have ended is no error for its Retry and Catch, nor an event."""
    try:
        evaluate(self, env)
    except Exception:
        if not env.is_running():
            # Its thread ends without a word.
            raise SystemExit from None
        raise


def close(self, frame):
    """A state is through: nobody waits any more for what it, or anything in it, has asked for."""
    close_frame(self, frame)
    end_tokens(frame)


def end_tokens(frame):
    for inner in list(frame._frames):
        end_tokens(inner)
    end_token(frame)


DistributedItemProcessorWorker._eval_job = counted
StateMap._eval_execution = stopping
ExecutionState._evaluate_with_timeout = unless_ended
Environment.close_frame = close
