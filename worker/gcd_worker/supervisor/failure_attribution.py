"""Counts a failed attempt of the task that a child was executing when it ended, and of no other task."""
import sys
import time
from collections import namedtuple

from ..protocol import shared_memory
from ..protocol.messages import attempt_event, batch_event, failed_record, with_output
from . import failure_reasons

MEMORY_UNIT = 1 if sys.platform == 'darwin' else 1024

# A child that has ended. `failure`: why the supervisor has killed it, None if it ended by itself; `number`: its task then.
Ended = namedtuple('Ended', 'child status usage failure number')


class FailureAttribution:
    """For one slot."""

    def __init__(self, batches, writer, limits, max_attempts):
        self.batches = batches
        self.writer = writer
        self.limits = limits
        self.max_attempts = max_attempts

    def attribute(self, ended, gave_up):
        """Counts the failed attempt, answers the batch if that was its last task, and takes the other tasks back.

        `gave_up`: several children in a row have ended before they started a task. Then the attempt counts against the task
        that they should have started: otherwise children would be started for ever.
        """
        if self.batches.sent:
            batch = self.batches.sent[0]
            number, tasks = batch.remaining()
            cause = self._cause(ended, gave_up)
            if tasks and cause is not None:
                self._count_failed_attempt(ended, batch, tasks, cause)
            batch.replace(number, tasks)
            if not tasks:
                self.batches.finish()
                self.writer.write(batch_event(number, batch.succeeded, batch.failed, 0))
        self.batches.take_back()

    def _cause(self, ended, gave_up):
        """The Failure of the task; None if it is not the cause."""
        if not ended.child.executing():
            return failure_reasons.never_started(ended.status) if gave_up else None
        if ended.failure is None:
            return self.limits.cause(ended.child, ended.status, ended.usage)
        # The task for which the child was killed may have finished meanwhile: then the next one is not the cause.
        return ended.failure if ended.child.page.integers[shared_memory.STARTED] == ended.number else None

    def _count_failed_attempt(self, ended, batch, tasks, failure):
        """Counts a failed attempt of the first task."""
        index, task, file, column, *counted = tasks.pop(0)
        attempt = counted[0] + 1 if counted else 1
        if attempt < self.max_attempts:
            self.writer.write(attempt_event(index, task, attempt, failure))
            tasks.append([index, task, file, column, attempt])
            return
        batch.failed += 1
        child, usage = ended.child, ended.usage
        start = end = time.time()
        cpu = peak = 0
        if child.executing():
            start = child.page.doubles[shared_memory.WALL]
            end = start + time.monotonic() - child.page.doubles[shared_memory.MONOTONIC]
        if usage is not None:
            cpu = max(0.0, usage.ru_utime + usage.ru_stime - child.page.doubles[shared_memory.CPU])
            peak = usage.ru_maxrss * MEMORY_UNIT
        record = failed_record(index, task, attempt, start, end, cpu, peak, failure)
        self.writer.write(with_output(record, child.capture.take(child.answered + 1)))
