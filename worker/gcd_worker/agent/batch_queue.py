"""Receives the messages of batches from the execution's queue."""
import json
import time

from .backoff import Backoff
from .cloud import CloudError
from .log import log

# Error codes of a queue that was deleted, or that was created just now and is not visible everywhere.
NO_QUEUE = ('AWS.SimpleQueueService.NonExistentQueue', 'QueueDoesNotExist')


class BatchQueue:
    """`is_deleted` is true once the queue has not existed for some time."""

    def __init__(self, cloud, environment):
        self._cloud, self._environment = cloud, environment
        self._backoff = Backoff(environment.pace)
        self._missing_since = None
        self.is_deleted = False

    def receive(self):
        """(message, receipt), and seconds to wait before the next call; (None, seconds) without a message.

        The message is None for one that is not of this execution.
        """
        pace = self._environment.pace
        try:
            received = self._cloud.receive(pace['poll'], pace['visibility'])
        except CloudError as error:
            if error.code in NO_QUEUE:
                self._missing_since = self._missing_since or time.monotonic()
                self.is_deleted = time.monotonic() - self._missing_since >= pace['patience']
            else:
                log('no message could be received, retrying: %s', error)
            return None, self._backoff.next()
        self._backoff.reset()
        self._missing_since = None
        if received is None:
            return None, 0
        body, receipt = received
        return (parsed(body, self._environment), receipt), 0


def parsed(body, environment):
    """The message of a batch; None for one that is not of this execution, or damaged."""
    try:
        message = json.loads(body)
        is_own = (message['run'], message['execution']) == (environment.run, environment.execution)
        is_complete = all(isinstance(message['batch'][key], int) for key in ('batch', 'tasks', 'offset', 'bytes'))
        return message if is_own and is_complete and message['taskToken'] and int(message['repetition']) else None
    except (ValueError, KeyError, TypeError):
        return None
