"""Standard output of the supervisor: never blocks it, so that it sees orders and deadlines whoever reads."""
import os
import select
import time
from collections import deque


class NonblockingWriter:
    """Lines on their way to a descriptor. `pending` is how many bytes wait."""

    # Above this, no more records are taken from the child.
    MAX_PENDING = 8 * 1024 * 1024

    def __init__(self, descriptor):
        self.descriptor = descriptor
        self.pending = 0
        self.broken = False
        self._lines = deque()
        self._was_blocking = os.get_blocking(descriptor)
        os.set_blocking(descriptor, False)

    def write(self, data):
        """Writes now what is taken now; keeps the rest for `flush`."""
        if not self._lines:
            data = self._put(data)
        if len(data):
            self._lines.append(data)
            self.pending += len(data)

    def flush(self):
        """Writes as much of the rest as is taken."""
        while self._lines:
            data = self._lines.popleft()
            rest = self._put(data)
            self.pending -= len(data) - len(rest)
            if len(rest):
                self._lines.appendleft(rest)
                return

    def close(self, seconds):
        """Writes the rest, for at most so many seconds (None: nothing is left), and leaves the descriptor as it was found."""
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
        """What is left of the data."""
        if self.broken:
            return b''
        data = memoryview(data)
        while len(data):
            try:
                data = data[os.write(self.descriptor, data) :]
            except BlockingIOError:
                return data
            except OSError:
                # Nobody reads any more.
                self.broken = True
                return b''
        return data
