"""The batches that a supervisor has taken on, and how far each of them is."""
import json
from collections import deque


class Batch:
    """A batch as it came. It is parsed only if a child dies over it or it is never started."""

    def __init__(self, line):
        self.line = line
        # Whether none of its tasks is to be begun any more.
        self.is_cut = False
        # Of lives of children before the present one.
        self.succeeded = 0
        self.failed = 0
        self.start_life()

    def start_life(self):
        """Nothing of it has been done by the present child."""
        self.lines = 0
        self.failures = 0
        # Which of the executions, counted from 0, was an attempt that is to be repeated; and its number.
        self.repeated = {}
        self._tasks = None

    def parse(self):
        """Its number and its tasks."""
        batch = json.loads(self.line.decode())
        return batch['batch'], batch['tasks']

    def execution(self, position):
        """Index, id, file, column and attempt of an execution, counted from 0; None if that is not known yet."""
        if self._tasks is None:
            self._tasks = self.parse()[1]
        if 0 <= position < len(self._tasks):
            index, task, file, column, *counted = self._tasks[position]
            return index, task, file, column, counted[0] + 1 if counted else 1
        # Attempts are repeated after the others, in the order in which they failed.
        again = list(self.repeated)[max(0, position - len(self._tasks)) :][:1]
        if position < 0 or not again:
            return None
        return self.execution(again[0])[:4] + (self.repeated[again[0]] + 1,)

    def remaining(self):
        """Its number and the tasks that the present child has not answered, in its order; they become the batch.

        The first of them is the one that it was executing, if it was executing one.
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
        """Makes these its tasks."""
        batch = dict(json.loads(self.line.decode()), batch=number, tasks=tasks)
        self.line = json.dumps(batch, separators=(',', ':')).encode()
        self.start_life()


class Batches:
    """Those with the child, then those that wait."""

    # What is with the child must bridge the time that the supervisor sleeps; more would only be more to repeat.
    MAX_SENT_BYTES = 256 * 1024

    def __init__(self):
        self.sent = deque()
        self.waiting = deque()
        # The batch that the child has ended last.
        self._ended = None
        self._bytes_sent = 0

    def add(self, line):
        """Takes on a batch."""
        self.waiting.append(Batch(line))

    def cut(self):
        """No task is begun of any batch that is here now; how many of them the child has."""
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
        """Drops the batch that the child has just ended; returns it."""
        batch = self._ended = self.sent.popleft()
        self._bytes_sent -= len(batch.line)
        return batch

    def execution(self, number, answered):
        """What the child's execution with that number, counted from 1, is, as `Batch.execution` tells it.

        `answered` is how many executions the child has reported. Of those before its present batch, the last is known.
        """
        lines = self.sent[0].lines if self.sent else 0
        position = number - answered - 1 + lines
        if position < 0:
            return self._ended and self._ended.execution(self._ended.lines + position)
        return self.sent[0].execution(position) if self.sent else None

    def take_back(self):
        """The child is gone: what it had waits again."""
        self.waiting.extendleft(reversed(self.sent))
        self.sent.clear()
        self._bytes_sent = 0
