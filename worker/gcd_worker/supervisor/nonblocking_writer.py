"""Writes to standard output without blocking, so that the supervisor handles orders and timeouts even if nobody reads."""
import os
import select
import time
from collections import deque


class NonblockingWriter:
    """Queue of lines for a descriptor. `pending`: bytes in the queue; `broken`: the reader has closed its end."""

    # Bytes; above that, no records are read from the child.
    MAX_PENDING = 8 * 1024 * 1024

    def __init__(self, descriptor):
        self.descriptor = descriptor
        self.pending = 0
        self.broken = False
        self._lines = deque()
        self._was_blocking = os.get_blocking(descriptor)
        os.set_blocking(descriptor, False)

    def write(self, data):
        """Writes as much as the pipe takes; keeps the rest for `flush`."""
        if not self._lines:
            data = self._put(data)
        if len(data):
            self._lines.append(data)
            self.pending += len(data)

    def flush(self):
        """Writes as much of the rest as the pipe takes."""
        while self._lines:
            data = self._lines.popleft()
            rest = self._put(data)
            self.pending -= len(data) - len(rest)
            if len(rest):
                self._lines.appendleft(rest)
                return

    def close(self, seconds):
        """Writes the rest, for at most so many seconds (None: not at all), and makes the descriptor blocking again if it was."""
        until = time.monotonic() + (seconds or 0)
        waiter = select.poll()
        waiter.register(self.descriptor, select.POLLOUT)
        while self.pending and not self.broken and time.monotonic() < until:
            waiter.poll(50)
            self.flush()
        try:
            os.set_blocking(self.descriptor, self._was_blocking)
        except OSError:
            pass

    def _put(self, data):
        """Writes; returns the rest."""
        if self.broken:
            return b''
        data = memoryview(data)
        while len(data):
            try:
                data = data[os.write(self.descriptor, data) :]
            except BlockingIOError:
                return data
            except OSError:
                # The reader has closed its end.
                self.broken = True
                return b''
        return data
