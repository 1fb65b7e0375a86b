"""A task token whose state or execution has ended is answered by TaskTimedOut, one that never was by InvalidToken.

moto knows tokens only as long as they are waited for, and fails while it says that they are not.
"""
from moto.stepfunctions.exceptions import AWSError
from moto.stepfunctions.parser import models
from moto.stepfunctions.parser.api import ExecutionStatus


def error(name, message):
    class Refused(AWSError):
        TYPE = name
        STATUS = 400

        def __init__(self):
            super().__init__(message)

    return Refused


models.TaskTimedOut = error("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'")
models.TaskDoesNotExist = error("TaskDoesNotExist", "Task does not exist")
models.InvalidToken = error("InvalidToken", "Invalid Token: 'Invalid token'")


def late(known):
    def answer(self, task_token, *args, **named_args):
        try:
            return known(self, task_token, *args, **named_args)
        except models.InvalidToken:
            for execution in self._get_executions():
                env = execution.exec_worker.env
                if execution.exec_status != ExecutionStatus.RUNNING and env and env.callback_pool_manager.get(task_token):
                    raise models.TaskTimedOut() from None
            raise

    return answer


backend = models.StepFunctionsParserBackend
for verb in ("send_task_success", "send_task_failure", "send_task_heartbeat"):
    setattr(backend, verb, late(getattr(backend, verb)))
