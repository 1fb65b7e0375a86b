"""Backoff between tries, growing; and tries that go on till there is an answer."""
import select
import time

from .cloud import CloudError, NotFound
from .environment import Unusable
from .log import log


class Backoff:
    """`next` is how long to wait, in seconds; `begin` when it has worked."""

    def __init__(self, pace):
        self._first, self._longest = pace['pause'], pace['longest_pause']
        self.begin()

    def begin(self):
        """The next error is the first."""
        self._pause = self._first

    def next(self):
        """Seconds before the next try."""
        pause = self._pause
        self._pause = min(2 * pause, self._longest)
        return pause


class Terminated(Exception):
    """The pod was told to end before it had anything to write down."""


class Retry:
    """What a pod begins with is asked for till there is an answer."""

    def __init__(self, pace, told):
        """`told` is a descriptor that is readable once the pod is told to end."""
        self._pace, self._stop_sent = pace, told

    def __call__(self, ask, what):
        """The answer. @raises Unusable when what should be there is not, for so long; Terminated"""
        try:
            return self.within(self._pace['patience'], NotFound, ask, what)
        except NotFound as error:
            raise Unusable('%s is not there: %s' % (what, error)) from None

    def within(self, seconds, kind, ask, what):
        """The answer. After so long, error of this kind is raised; with other error it goes on. @raises Terminated"""
        until = time.monotonic() + seconds
        backoff = Backoff(self._pace)
        while True:
            try:
                return ask()
            except CloudError as error:
                if isinstance(error, kind) and time.monotonic() > until:
                    raise
                log('%s: not to be had now, trying again: %s', what, error)
            self.pause(backoff.next())

    def pause(self, seconds):
        """Waits. @raises Terminated"""
        if select.select([self._stop_sent], [], [], seconds)[0]:
            raise Terminated
