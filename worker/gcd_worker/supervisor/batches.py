"""The batches that a supervisor has received, and the progress of each."""
import json
from collections import deque


class Batch:
    """A batch as its line. It is parsed only if a child dies in it, or if it is not run."""

    def __init__(self, line):
        self.line = line
        # Whether no other of its tasks is to start.
        self.is_cut = False
        # Records by earlier children.
        self.succeeded = 0
        self.failed = 0
        self.start_life()

    def start_life(self):
        """The present child has not reported any of it."""
        self.lines = 0
        self.failures = 0
        # {execution: attempt} of failed attempts that are retried; executions are counted from 0.
        self.repeated = {}
        self._tasks = None

    def parse(self):
        """(number, tasks)."""
        batch = json.loads(self.line.decode())
        return batch['batch'], batch['tasks']

    def execution(self, position):
        """(index, id, file, column, attempt) of an execution, counted from 0; None if that is not known yet."""
        if self._tasks is None:
            self._tasks = self.parse()[1]
        if 0 <= position < len(self._tasks):
            index, task, file, column, *counted = self._tasks[position]
            return index, task, file, column, counted[0] + 1 if counted else 1
        # Retries come after the other tasks, in the order in which attempts failed.
        again = list(self.repeated)[max(0, position - len(self._tasks)) :][:1]
        if position < 0 or not again:
            return None
        return self.execution(again[0])[:4] + (self.repeated[again[0]] + 1,)

    def remaining(self):
        """(number, tasks that the present child has not answered, in order); the batch then has only these.

        The first of them is the one that the child was executing, if any.
        """
        number, tasks = self.parse()
        queue = deque(tasks)
        for execution in range(self.lines):
            task = queue.popleft()
            if execution in self.repeated:
                queue.append(task[:4] + [self.repeated[execution]])
        self.succeeded += self.lines - self.failures - len(self.repeated)
        self.failed += self.failures
        self.replace(number, list(queue))
        return number, list(queue)

    def replace(self, number, tasks):
        """Sets its tasks."""
        batch = dict(json.loads(self.line.decode()), batch=number, tasks=tasks)
        self.line = json.dumps(batch, separators=(',', ':')).encode()
        self.start_life()


class Batches:
    """`sent`: with the child; `waiting`: to be sent."""

    # Enough for the child while the supervisor sleeps; more would only be more to send again.
    MAX_SENT_BYTES = 256 * 1024

    def __init__(self):
        self.sent = deque()
        self.waiting = deque()
        # The batch that the child has completed last.
        self._ended = None
        self._bytes_sent = 0

    def add(self, line):
        """Adds a batch."""
        self.waiting.append(Batch(line))

    def cut(self):
        """No other task starts of the batches that are here now; returns how many of them the child has."""
        for batch in self.sent + self.waiting:
            batch.is_cut = True
        return len(self.sent)

    def to_send(self):
        """The batches that the child should have now."""
        batches = []
        while self.waiting and (len(self.sent) < 2 or self._bytes_sent < self.MAX_SENT_BYTES):
            batch = self.waiting.popleft()
            self.sent.append(batch)
            self._bytes_sent += len(batch.line)
            batches.append(batch)
        return batches

    def finish(self):
        """Removes the batch that the child has just completed; returns it."""
        batch = self._ended = self.sent.popleft()
        self._bytes_sent -= len(batch.line)
        return batch

    def execution(self, number, answered):
        """The child's execution with this number, counted from 1, as `Batch.execution` returns it.

        `answered` is how many executions the child has reported. Of the batches before the present one, only the last is known.
        """
        lines = self.sent[0].lines if self.sent else 0
        position = number - answered - 1 + lines
        if position < 0:
            return self._ended and self._ended.execution(self._ended.lines + position)
        return self.sent[0].execution(position) if self.sent else None

    def take_back(self):
        """The child has ended: its batches wait again."""
        self.waiting.extendleft(reversed(self.sent))
        self.sent.clear()
        self._bytes_sent = 0
