"""A state with HeartbeatSeconds and no TimeoutSeconds waits as long as heartbeats come; moto ends it after 60 seconds."""
from moto.stepfunctions.parser.asl.component.common.timeouts.timeout import TimeoutSeconds
from moto.stepfunctions.parser.asl.component.state.exec.execute_state import ExecutionState

from_state_props = ExecutionState.from_state_props


def without_end(self, state_props):
    from_state_props(self, state_props)
    if self.heartbeat is not None and self.timeout.is_default_value():
        self.timeout = TimeoutSeconds(timeout_seconds=TimeoutSeconds.DEFAULT_TIMEOUT_SECONDS, is_default=True)


ExecutionState.from_state_props = without_end
