"""Splits what a child prints by task.

The child writes a marker before each task: a byte that text does not contain, a random token, and the task's number in the
child's life. The last 64 KiB of a task are kept until its record is relayed.
"""
import os

MAX_KEPT = 64 * 1024
# Of all tasks together; above that, the oldest output is dropped.
MAX_KEPT_TOTAL = 16 * 1024 * 1024
DIGITS = 12


def new_marker():
    """The prefix of a child's markers."""
    return '\x1e' + os.urandom(16).hex() + ':'


class OutputCapture:
    """Reads the capture pipe. `current` is the number of the task whose output arrives; 0 is importing.

    Calls `listener(number, bytes)` for each chunk of output, except for the task `muted`.
    """

    def __init__(self, marker, listener=None):
        self.listener = listener
        self.muted = None
        self._marker = marker.encode()
        self._length = len(self._marker) + DIGITS + 1
        self._unfinished = b''
        self.current = 0
        self._tail = b''
        self._ended = {}
        self._sum = 0

    def feed(self, data):
        """Adds what was read from the pipe."""
        if self._unfinished:
            data = self._unfinished + data
            self._unfinished = b''
        if self._only_markers(data):
            self.begin(self._number(data, len(data) - self._length))
            return
        at = 0
        while True:
            found = data.find(self._marker, at)
            if found < 0 or found + self._length > len(data):
                break
            self._add(data, at, found)
            self.begin(self._number(data, found))
            at = found + self._length
        end = found if found >= 0 else self._start_of_marker(data, at)
        self._add(data, at, end)
        self._unfinished = data[end:]

    def take(self, number):
        """What the task with this number has printed; forgets this task and those before it."""
        output = self.peek(number)
        self.forget(number)
        return _whole_characters(output)

    def peek(self, number):
        """What the task with this number has printed up to now."""
        if number == self.current:
            return (self._tail + self._unfinished)[-MAX_KEPT:]
        return self._ended.get(number, b'')

    def unmute(self, printed):
        """Unmutes the task; the listener gets what it has printed meanwhile."""
        if self.listener is not None and printed:
            self.listener(self.muted, printed)
        self.muted = None

    def forget(self, number):
        """Forgets the output of the tasks up to this number."""
        for other in [other for other in self._ended if other <= number]:
            self._sum -= len(self._ended.pop(other))
        if number >= self.current:
            self._tail = b''

    def _only_markers(self, data):
        """Whether the data are consecutive markers: the common case of silent tasks, checked at its two ends only."""
        length = self._length
        count, rest = divmod(len(data), length)
        if rest or not count or not data.startswith(self._marker) or not data.startswith(self._marker, len(data) - length):
            return False
        return self._number(data, len(data) - length) - self._number(data, 0) == count - 1

    def _number(self, data, at):
        end = at + self._length - 1
        return int(data[end - DIGITS : end])

    def begin(self, number, printed=b''):
        """Output that follows is this task's, which has printed `printed` before."""
        if self._tail and number != self.current:
            self._ended[self.current] = self._tail
            self._sum += len(self._tail)
            while self._sum > MAX_KEPT_TOTAL:
                self._sum -= len(self._ended.pop(next(iter(self._ended))))
        self.current = number
        self._tail = printed

    def _add(self, data, start, end):
        if end <= start:
            return
        if self.listener is not None and self.current != self.muted:
            self.listener(self.current, data[start:end])
        if end - start >= MAX_KEPT:
            self._tail = data[end - MAX_KEPT : end]
        else:
            self._tail = (self._tail + data[start:end])[-MAX_KEPT:]

    def _start_of_marker(self, data, at):
        """Start of an incomplete marker at the end of the data; the end of the data without one."""
        start = data.rfind(b'\x1e', max(at, len(data) - self._length + 1))
        if start >= 0 and self._marker.startswith(data[start : start + len(self._marker)]):
            return start
        return len(data)


def _whole_characters(output):
    """The output without a character that was cut at its beginning."""
    if len(output) < MAX_KEPT:
        return output
    start = 0
    while start < 3 and output[start] & 0xC0 == 0x80:
        start += 1
    return output[start:]
