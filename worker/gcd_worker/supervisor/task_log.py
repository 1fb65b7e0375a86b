"""Writes what tasks print to a file while they run; each line names its task (PROTOCOL.md).

The capture knows the number of the execution that has printed. The batches know its task: at once or, if an attempt before
it may be retried, when the records before it are relayed. Until then the output waits.
"""
import time
from collections import deque
from json.encoder import encode_basestring, encode_basestring_ascii

from .log_file import LogFile

# Bytes. A text is as many complete lines as fit; a longer line is split.
MAX_TEXT = 16 * 1024
# Seconds for which the beginning of a line waits for its end. Progress bars have none.
LINE_SECONDS = 1.0
# With more than FLOOD bytes waiting, the file is written once in FLOOD_INTERVAL seconds, and only the last MAX_WAITING bytes are
# kept: writing a flood costs more than reading it.
FLOOD = 256 * 1024
FLOOD_INTERVAL = 0.05
MAX_WAITING = 2 * 1024 * 1024
NO_TASK = '"index":null,"task":null,"attempt":null,"file":null,"column":null'


class TaskLog:
    """For one slot. Without a path, nothing is written. `listener` is for an OutputCapture."""

    def __init__(self, path, batches):
        self.listener = None if path is None else self._on_output
        self._file = LogFile(path)
        self._batches = batches
        # (number, bytes) of what waits. Before that: [number, bytes that were dropped].
        self._waiting = deque()
        self._lost = deque()
        self._size = 0
        self._next = 0.0
        # The execution whose output was written last, the keys of its task, and its incomplete line since when.
        self._number = -1
        self._task_keys = NO_TASK
        self._open_line = b''
        self._since = 0.0
        self._lines = []

    def _on_output(self, number, data):
        if self._file.given_up:
            return
        self._waiting.append((number, data))
        self._size += len(data)
        while self._size > MAX_WAITING:
            number, data = self._waiting.popleft()
            self._size -= len(data)
            if not self._lost or self._lost[-1][0] != number:
                self._lost.append([number, 0])
            self._lost[-1][1] += len(data)

    def write_soon(self, child):
        """Writes now; during a flood, once in a while."""
        if self._size < FLOOD or not child.executing() or time.monotonic() >= self._next:
            self.write(child)

    def write(self, child, over=False):
        """Writes the output of this child whose task is known; all of it when the child is `over`."""
        if not self._waiting and not self._open_line:
            return
        self._next = time.monotonic() + FLOOD_INTERVAL
        while self._waiting:
            number, data = (self._lost or self._waiting)[0]
            if number != self._number:
                execution = self._batches.execution(number, child.answered) if number else None
                if execution is None and number > child.answered and not over:
                    break
                self._end_line()
                self._number, self._task_keys = number, _task_keys(execution)
            if self._lost:
                self._lost.popleft()
                self._take(b'\n[... %d bytes left out ...]\n' % data)
            else:
                self._waiting.popleft()
                self._size -= len(data)
                self._take(data)
        if self._open_line:
            if over or child.ready and self._number <= child.answered:
                self._end_line()
            elif time.monotonic() - self._since >= LINE_SECONDS:
                self._cut(_character_end(self._open_line, 0, len(self._open_line)))
        if self._lines:
            self._file.append(self._lines)
            self._lines = []

    def end(self, child):
        """The child has ended, and all its output and records were read."""
        self.write(child, over=True)
        self._number = -1

    def _take(self, data):
        """Adds output of the present execution."""
        begins = not self._open_line
        self._open_line += data
        end = self._open_line.rfind(b'\n') + 1
        if len(self._open_line) - end > MAX_TEXT:
            end = _character_end(self._open_line, end, len(self._open_line))
        if begins or end:
            self._since = time.monotonic()
        if end:
            self._cut(end)

    def _end_line(self):
        self._cut(len(self._open_line))

    def _cut(self, end):
        """Makes log lines of the first `end` bytes of the incomplete line."""
        data, self._open_line = self._open_line[:end], self._open_line[end:]
        now = time.time()
        start = 0
        while start < len(data):
            end = len(data)
            if end - start > MAX_TEXT:
                longest = start + MAX_TEXT
                end = data.rfind(b'\n', start, longest) + 1 or _character_end(data, start, longest)
            text = data[start:end].decode('utf-8', 'replace')
            line = '{"at":%.6f,%s,"text":%s}\n' % (now, self._task_keys, encode_basestring(text))
            self._lines.append(line.encode())
            start = end


def _task_keys(execution):
    """The keys of a log line that name a task and its attempt."""
    if execution is None:
        return NO_TASK
    index, task, file, column, attempt = execution
    quoted = [encode_basestring_ascii(text) for text in (task, file)]
    named = 'null' if column is None else encode_basestring_ascii(column)
    return '"index":%d,"task":%s,"attempt":%d,"file":%s,"column":%s' % (index, quoted[0], attempt, quoted[1], named)


def _character_end(data, start, end):
    """The last position from `start` to `end` that does not split a character of UTF-8."""
    for at in range(end - 1, max(start, end - 3) - 1, -1):
        byte = data[at]
        if byte & 0xC0 != 0x80:
            length = 1 + (byte >= 0xC0) + (byte >= 0xE0) + (byte >= 0xF0)
            return at if at + length > end else end
    return end
