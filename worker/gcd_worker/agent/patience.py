"""Pauses between tries, growing."""


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
