"""Not AWS's behaviour: waits in definitions, and before retries, take at most 0.2 seconds, so that tests do not take hours."""
from time import sleep

from moto.stepfunctions.parser.asl.component.common.retry import retrier_decl
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import state_task_service_callback
from moto.stepfunctions.parser.asl.component.state.wait.wait_function.wait_function import WaitFunction

most = 0.2


class Time:
    @staticmethod
    def sleep(seconds):
        sleep(min(seconds, most))


WaitFunction._wait_interval = lambda self, env, wait_seconds: Time.sleep(wait_seconds)
retrier_decl.time = Time
state_task_service_callback._DELAY_SECONDS_SYNC_CONDITION_CHECK = most
