"""What a child prints, cut per task.

The child writes a marker before each task: a byte that text does not have, a token that nobody can guess, and
the task's number in the child's life. Only the last 64 KiB of a task are kept, and those only until its record
has passed.
"""
import os

MAX_KEPT = 64 * 1024
# Of all tasks whose records have not passed yet, in sum; then the oldest are dropped.
MAX_KEPT_TOTAL = 16 * 1024 * 1024
DIGITS = 12


def new_marker():
    """The beginning of a child's markers."""
    return '\x1e' + os.urandom(16).hex() + ':'


class OutputCapture:
    """Takes what arrives on the capture pipe. `current` is the task whose output arrives; 0 is importing.

    `listener` is called with the task's number and each piece of its output, except that of the task `muted`.
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
        """Takes what was read from the pipe."""
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
        """What the task with this number has printed; forgets it and those before it."""
        output = self.peek(number)
        self.forget(number)
        return _whole_characters(output)

    def peek(self, number):
        """What the task with this number has printed up to now."""
        if number == self.current:
            return (self._tail + self._unfinished)[-MAX_KEPT:]
        return self._ended.get(number, b'')

    def unmute(self, printed):
        """Lets the muted task be heard again, which has printed this meanwhile."""
        if self.listener is not None and printed:
            self.listener(self.muted, printed)
        self.muted = None

    def forget(self, number):
        """Forgets the tasks up to this number, but not what the present one prints after this."""
        for other in [other for other in self._ended if other <= number]:
            self._sum -= len(self._ended.pop(other))
        if number >= self.current:
            self._tail = b''

    def _only_markers(self, data):
        """Whether tasks follow each other in silence: the usual case, told without looking at each marker."""
        length = self._length
        count, rest = divmod(len(data), length)
        if rest or not count or not data.startswith(self._marker) or not data.startswith(self._marker, len(data) - length):
            return False
        return self._number(data, len(data) - length) - self._number(data, 0) == count - 1

    def _number(self, data, at):
        end = at + self._length - 1
        return int(data[end - DIGITS : end])

    def begin(self, number, printed=b''):
        """What comes from now on is that task's, which has printed this before."""
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
        """Where a marker begins that has not arrived as a whole; the end of the data if none does."""
        start = data.rfind(b'\x1e', max(at, len(data) - self._length + 1))
        if start >= 0 and self._marker.startswith(data[start : start + len(self._marker)]):
            return start
        return len(data)


def _whole_characters(output):
    """Without the end of a character that was cut at the beginning."""
    if len(output) < MAX_KEPT:
        return output
    start = 0
    while start < 3 and output[start] & 0xC0 == 0x80:
        start += 1
    return output[start:]
