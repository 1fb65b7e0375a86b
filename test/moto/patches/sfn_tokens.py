"""A task token whose state or execution has ended is answered by TaskTimedOut; moto knows it no more, and says InvalidToken."""
from moto.stepfunctions.parser.api import ExecutionStatus, InvalidToken, TaskTimedOut
from moto.stepfunctions.parser.models import StepFunctionsParserBackend


def late(known):
    def answer(self, task_token, *args, **named_args):
        try:
            return known(self, task_token, *args, **named_args)
        except InvalidToken:
            for execution in self._get_executions():
                env = execution.exec_worker.env
                if execution.exec_status != ExecutionStatus.RUNNING and env and env.callback_pool_manager.get(task_token):
                    raise TaskTimedOut() from None
            raise

    return answer


for name in ("send_task_success", "send_task_failure", "send_task_heartbeat"):
    setattr(StepFunctionsParserBackend, name, late(getattr(StepFunctionsParserBackend, name)))
