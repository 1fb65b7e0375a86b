"""Exponential pauses between tries, and calls that are retried until AWS answers."""
import select
import time

from .cloud import CloudError, NotFound
from .environment import Unusable
from .log import log


class Backoff:
    """`next` is the pause before the next try, in seconds; call `reset` after a success."""

    def __init__(self, pace):
        self._first, self._max = pace['pause'], pace['longest_pause']
        self.reset()

    def reset(self):
        """The next pause is the first one."""
        self._pause = self._first

    def next(self):
        """Seconds before the next try."""
        pause = self._pause
        self._pause = min(2 * pause, self._max)
        return pause


class Terminated(Exception):
    """The pod received SIGTERM before it had anything to write."""


class Retry:
    """Retries the calls with which a pod starts."""

    def __init__(self, pace, terminated):
        """`terminated` is a descriptor that is readable once the pod has received SIGTERM."""
        self._pace, self._terminated = pace, terminated

    def __call__(self, call, what):
        """The call's result. @raises Unusable when what should exist does not, for so long; Terminated"""
        try:
            return self.within(self._pace['patience'], NotFound, call, what)
        except NotFound as error:
            raise Unusable('%s does not exist: %s' % (what, error)) from None

    def within(self, seconds, kind, call, what):
        """The call's result. Errors of this kind are raised after so long, others are retried for ever. @raises Terminated"""
        until = time.monotonic() + seconds
        backoff = Backoff(self._pace)
        while True:
            try:
                return call()
            except CloudError as error:
                if isinstance(error, kind) and time.monotonic() > until:
                    raise
                log('%s: failed, retrying: %s', what, error)
            self.pause(backoff.next())

    def pause(self, seconds):
        """Waits. @raises Terminated"""
        if select.select([self._terminated], [], [], seconds)[0]:
            raise Terminated
