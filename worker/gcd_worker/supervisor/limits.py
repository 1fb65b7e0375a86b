"""Enforces the limits of a task: its timeout, its memory, and that its processes end with it."""
import os
import signal
import time

from ..protocol import shared_memory
from ..runtime import memory, processes
from . import failure_reasons
from .output_capture import MAX_KEPT

MEASURE_EVERY = 0.1
SWEEP_EVERY = 0.25
# Linux counts the start times of processes in steps of 10 ms.
START_TIME_STEP = 0.02
# Time for a child to print its stacks before it is killed, and to exit by itself when its record channel is closed.
STACK_SECONDS = 0.25


class Limits:
    """For one slot. `sweep_at`: when to kill orphans next (monotonic); None if there cannot be any."""

    def __init__(self, settings):
        self.timeout = settings.get('task_timeout')
        self.memory = settings.get('memory')
        self.sweep_at = None
        self.measure_at = 0.0
        self.kernel_kills = 0

    def begin(self):
        """A child is about to start."""
        self.kernel_kills = memory.kernel_kills()

    def due(self, child):
        """When to check next (monotonic); None if there is nothing to check."""
        times = [self.sweep_at]
        if self.memory:
            times.append(self.measure_at)
        if self.timeout is not None:
            times.append(child.overdue_at(self.timeout))
        return min([each for each in times if each is not None], default=None)

    def exceeded(self, child):
        """(Failure for which the child must be killed, number of its task); (None, 0) without one."""
        now = time.monotonic()
        number = child.page.integers[shared_memory.STARTED]
        if child.cut_off_at is not None and now > child.cut_off_at + STACK_SECONDS:
            return failure_reasons.cut_off(), number
        if self.memory and now >= self.measure_at:
            self.measure_at = now + MEASURE_EVERY
            used = memory.in_use(child.pid, self.memory)
            if used > self.memory:
                return failure_reasons.out_of_memory(self.memory, used), number
        if self.timeout is not None:
            due = child.overdue_at(self.timeout)
            if due is not None and now >= due:
                stack = self._request_stacks(child)
                if child.page.integers[shared_memory.FINISHED] < number:
                    return failure_reasons.timeout(self.timeout, stack), number
        return None, 0

    def cause(self, child, status, usage):
        """The Failure of a child that its supervisor has not killed."""
        if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
            if memory.kernel_kills() > self.kernel_kills:
                return failure_reasons.killed_by_kernel(self.memory, usage.ru_maxrss * 1024 if usage else 0)
        output = child.capture.peek(child.answered + 1)
        return failure_reasons.crash(status, child.page.integers[shared_memory.REASON], output)

    def expect_orphans(self):
        """A task has ended: processes that it has left are to be killed."""
        if self.sweep_at is None:
            self.sweep_at = time.monotonic() + SWEEP_EVERY

    def sweep(self, child):
        """Kills daemons that tasks have left: they became this process's children when their parent ended.

        Daemons of the running task may live as long as the task, those of importing as long as the child.
        """
        now = time.monotonic()
        if self.sweep_at is None or now < self.sweep_at:
            return
        self.sweep_at = None
        over = child.overdue_at(0)
        over = now if over is None else over - START_TIME_STEP
        for pid in processes.children_of(os.getpid()):
            if pid == child.pid or pid in child.spared:
                continue
            started = processes.started_at(pid)
            if started is not None and started < over:
                for each in processes.with_descendants(pid):
                    processes.kill(each)
            self.sweep_at = now + SWEEP_EVERY

    def _request_stacks(self, child):
        """The Python stacks of the child, if it can still print them; they are not part of the task's output."""
        if shared_memory.DUMP_SIGNAL is None:
            return ''
        child.read_printed()
        number = child.answered + 1
        before = child.capture.peek(number)
        child.capture.begin(number)
        try:
            os.kill(child.pid, shared_memory.DUMP_SIGNAL)
        except ProcessLookupError:
            return ''
        child.capture.muted = number
        until = time.monotonic() + STACK_SECONDS
        start = -1
        while start < 0 and time.monotonic() < until:
            time.sleep(0.01)
            quiet = not child.read_printed()
            printed = child.capture.peek(number)
            if quiet and b'Current thread 0x' in printed:
                start = min(at for at in map(printed.find, (b'Thread 0x', b'Current thread 0x')) if at >= 0)
        printed, stack = (printed[:start], printed[start:]) if start >= 0 else (printed, b'')
        child.capture.unmute(printed)
        if child.capture.current == number:
            child.capture.begin(number, (before + printed)[-MAX_KEPT:])
        return failure_reasons.without_own_frames(stack)
