"""Pauses between tries, growing; and tries that go on till there is an answer."""
import select
import time

from .cloud import Missing, Trouble
from .environment import Unusable
from .log import say


class Pauses:
    """`next` is how long to wait, in seconds; `begin` when it has worked."""

    def __init__(self, pace):
        self._first, self._longest = pace['pause'], pace['longest_pause']
        self.begin()

    def begin(self):
        """The next trouble is the first."""
        self._pause = self._first

    def next(self):
        """Seconds before the next try."""
        pause = self._pause
        self._pause = min(2 * pause, self._longest)
        return pause


class ToldToEnd(Exception):
    """The pod was told to end before it had anything to write down."""


class Insistence:
    """What a pod begins with is asked for till there is an answer."""

    def __init__(self, pace, told):
        """`told` is a descriptor that is readable once the pod is told to end."""
        self._pace, self._told = pace, told

    def __call__(self, ask, what):
        """The answer. @raises Unusable when what should be there is not, for so long; ToldToEnd"""
        try:
            return self.within(self._pace['patience'], Missing, ask, what)
        except Missing as trouble:
            raise Unusable('%s is not there: %s' % (what, trouble)) from None

    def within(self, seconds, kind, ask, what):
        """The answer. After so long, trouble of this kind is raised; with other trouble it goes on. @raises ToldToEnd"""
        until = time.monotonic() + seconds
        pauses = Pauses(self._pace)
        while True:
            try:
                return ask()
            except Trouble as trouble:
                if isinstance(trouble, kind) and time.monotonic() > until:
                    raise
                say('%s: not to be had now, trying again: %s', what, trouble)
            self.pause(pauses.next())

    def pause(self, seconds):
        """Waits. @raises ToldToEnd"""
        if select.select([self._told], [], [], seconds)[0]:
            raise ToldToEnd
