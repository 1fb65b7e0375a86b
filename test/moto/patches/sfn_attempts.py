"""Each attempt of a task has a token of its own, and one whose attempt has ended is late: TaskTimedOut.

moto makes one for all attempts, so that an answer to the first is one to the second, or is given again at once.
"""
from moto.stepfunctions.parser import models
from moto.stepfunctions.parser.asl.component.state.exec.execute_state import ExecutionState
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_callback import (
    StateTaskServiceCallback,
)
from moto.stepfunctions.parser.asl.eval.callback.callback import CallbackConsumerTimeout

evaluate = ExecutionState._evaluate_with_timeout
backend = models.StepFunctionsParserBackend


def endpoint_of(env):
    task = env.states.context_object.context_object_data.get("Task")
    return env.callback_pool_manager.get(task["Token"]) if task else None


def end_token(env):
    """Nobody waits for an answer any more; whoever still does stops."""
    endpoint = endpoint_of(env)
    if endpoint is not None:
        endpoint.report(CallbackConsumerTimeout())
        endpoint.interrupt_all()


def attempt(self, env):
    endpoint = endpoint_of(env)
    if isinstance(self, StateTaskServiceCallback) and endpoint is not None and endpoint.consumer_error is not None:
        env.callback_pool_manager.add(env.states.context_object.update_task_token())
    evaluate(self, env)


def late(known):
    def answer(self, *args, **named_args):
        try:
            return known(self, *args, **named_args)
        except models.TaskDoesNotExist:
            # So moto calls one of an attempt that has ended.
            raise models.TaskTimedOut() from None

    return answer


ExecutionState._evaluate_with_timeout = attempt
for verb in ("send_task_success", "send_task_failure", "send_task_heartbeat"):
    setattr(backend, verb, late(getattr(backend, verb)))
