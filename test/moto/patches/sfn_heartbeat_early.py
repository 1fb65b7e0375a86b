"""An answer counts however soon it comes. moto begins to listen for heartbeats only after the message was sent, and forgets what came before."""
from moto.stepfunctions.parser.asl.eval.callback.callback import CallbackEndpoint

setup = CallbackEndpoint.setup_heartbeat_endpoint


def listening(self, heartbeat_seconds):
    endpoint = setup(self, heartbeat_seconds)
    if self._outcome is not None:
        endpoint.notify()
    return endpoint


def notify_heartbeat(self):
    # One that came before the endpoint did: the first wait begins after it all the same.
    if self._heartbeat_endpoint:
        self._heartbeat_endpoint.notify()
    return True


CallbackEndpoint.setup_heartbeat_endpoint = listening
CallbackEndpoint.notify_heartbeat = notify_heartbeat
