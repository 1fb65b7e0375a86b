"""One worker slot: starts a child, sends it batches, relays its records, enforces limits, and replaces it when it ends."""
import json
import select
import time

from ..protocol import shared_memory
from ..protocol.invalid import Invalid, not_startable
from ..protocol.messages import batch_event, event, show_paths_as
from ..runtime import processes
from . import failure_reasons
from .batches import Batches
from .child_process import ChildProcess
from .failure_attribution import Ended, FailureAttribution
from .host_identity import host_identity
from .limits import Limits
from .record_relay import RecordRelay
from .task_log import TaskLog

# Children that may end in a row without having run a task, or without having imported the project.
MAX_FAILED_STARTS = 3
# While a child works, its output is read at least this often; large output at once.
TICK = 0.05
LARGE_OUTPUT = 64 * 1024
# Time for the exit handlers of the user's code.
EXIT_HANDLER_SECONDS = 2.0


class Slot:
    """When `finished` is true, the process exits with `exit_code`."""

    def __init__(self, settings, writer):
        self.settings = settings
        if settings.get('working_directory'):
            show_paths_as(settings['working_directory'], settings['project'])
        self.writer = writer
        self.batches = Batches()
        self.log = TaskLog(settings.get('log'), self.batches)
        self.relay = RecordRelay(self.batches, writer, bool(settings.get('keep_output')), self.log)
        self.limits = Limits(settings)
        self.attribution = FailureAttribution(self.batches, writer, self.limits, settings.get('max_attempts') or 1)
        self.child = None
        self.finished = False
        self.exit_code = 0
        self.was_ready = False
        self.failed_starts = 0
        self.draining = False
        self.exit_deadline = None
        self.printing = False

    def start(self):
        """Starts a child, and sends it batches at once, which it reads when it is ready."""
        self.limits.begin()
        try:
            self.child = ChildProcess(self.settings, self.log.listener)
        except OSError as error:
            self.refuse(not_startable(self.settings['project'], error))
            return
        self.feed()

    def add(self, line):
        """Adds a batch."""
        self.batches.add(line)
        if self.child is None and not self.finished:
            self.start()

    def drain(self):
        """The running task ends, and no other task starts."""
        self.draining = True
        if self.child is not None:
            self.child.page.integers[shared_memory.STOP] = shared_memory.EVERY_BATCH

    def cut(self):
        """The running task ends, and no other task of the received batches starts; the child stays."""
        count = self.batches.cut()
        if count and not self.draining:
            self.child.page.integers[shared_memory.STOP] = self.child.batches

    def descriptors(self):
        """{descriptor: events for poll}."""
        child = self.child
        if child is None:
            return {}
        wanted = {}
        if self.writer.pending < self.writer.MAX_PENDING and child.cut_off_at is None:
            wanted[child.records] = select.POLLIN
        if self.printing:
            wanted[child.printed] = select.POLLIN
        if child.unsent and child.orders >= 0:
            wanted[child.orders] = select.POLLOUT
        return wanted

    def due(self):
        """When `work` is due although nothing arrives (monotonic); None if it is not."""
        if self.child is None:
            return None
        child = self.child
        if self.exit_deadline is not None or self.batches.sent or not child.ready or child.cut_off_at is not None:
            tick = time.monotonic() + TICK
            due = self.limits.due(child)
            return tick if due is None else min(tick, due)
        return self.limits.sweep_at

    def work(self):
        """Reads, relays and sends; returns how many lines were relayed."""
        child = self.child
        lines = 0
        if child is not None:
            block = child.read_records() if self.writer.pending < self.writer.MAX_PENDING else b''
            # After the records, so that the output of their tasks is complete.
            self.printing = child.read_printed() >= LARGE_OUTPUT
            if block:
                lines = self.take(block)
            self.log.write_soon(child)
            self.enforce()
        if self.draining and not self.finished:
            self.end_if_drained()
        elif self.child is not None:
            self.feed()
        return lines

    def feed(self):
        """Sends batches to the child."""
        if not self.draining:
            for batch in self.batches.to_send():
                self.child.batches += 1
                if batch.is_cut:
                    self.child.page.integers[shared_memory.STOP] = self.child.batches
                self.child.send(batch.line + b'\n')
        if self.child.unsent:
            self.child.send()

    def take(self, block):
        """Handles complete lines from the child."""
        child = self.child
        if not child.ready:
            first, _, block = block.partition(b'\n')
            self.take_first(json.loads(first.decode()))
            if not block:
                return 1
        lines = self.relay.take(child, block)
        if child.answered:
            self.failed_starts = 0
            self.limits.expect_orphans()
        return lines

    def take_first(self, message):
        """Handles the child's first line: it is ready, or the project is invalid."""
        child = self.child
        if message['event'] != 'ready':
            child.rejected = Invalid(message['error'], message['message'], message['hint'])
            return
        child.ready = True
        child.spared = frozenset(message['daemons'])
        self.was_ready = True
        names = {name: self.settings.get(name) for name in ('worker', 'node')}
        host, address = host_identity()
        self.writer.write(event('worker', **names, hostname=host, ip=address, pid=child.pid))

    def enforce(self):
        """Kills a task that exceeds its timeout or memory, and orphans of earlier tasks."""
        child = self.child
        if child.rejected is not None:
            self.replace_child()
        elif self.exit_deadline is not None:
            if time.monotonic() > self.exit_deadline:
                self.replace_child()
        else:
            failure, number = self.limits.exceeded(child)
            if failure is not None:
                self.replace_child(failure, number)
            else:
                self.limits.sweep(child)

    def collect(self):
        """Waits for child processes that have ended: the child, or orphans."""
        ended = processes.reap()
        if self.child is not None and self.child.pid in ended:
            self.replace_child(end=ended[self.child.pid])

    def replace_child(self, failure=None, number=0, end=None):
        """Kills the child unless it has ended (`end`: status and usage), counts the failed attempt, and starts another child.

        `failure`: why it is killed; `number`: for which of its tasks.
        """
        child = self.child
        status, usage = self.end_child(end)
        self.read_out(child)
        self.child = None
        if self.exit_deadline is not None:
            self.finished = True
        elif not child.ready:
            self.import_failed(child, status, failure)
        else:
            if not child.answered and not child.executing():
                self.failed_starts += 1
            ended = Ended(child, status, usage, failure, number)
            self.attribution.attribute(ended, self.failed_starts >= MAX_FAILED_STARTS)
        if not self.finished and not self.draining and (self.batches.waiting or self.failed_starts < MAX_FAILED_STARTS):
            self.start()

    def end_child(self, end=None):
        """Kills the child and its descendants; returns (status, resource usage)."""
        processes.kill_group(self.child.pid)
        ended = processes.kill_all_children(None if end else self.child.pid)
        status, usage = end or ended.get(self.child.pid) or (9, None)
        self.child.collected(status)
        return status, usage

    def read_out(self, child):
        """Reads the rest from the pipes of a child that has ended."""
        while True:
            block = child.read_records()
            child.read_printed()
            if block == b'':
                break
            if block:
                self.take(block)
        self.log.end(child)
        child.close()

    def import_failed(self, child, status, failure):
        """The child has ended before it was ready. A project that was imported before is tried again some times."""
        self.failed_starts += 1
        self.batches.take_back()
        if self.was_ready and self.failed_starts < MAX_FAILED_STARTS:
            return
        invalid = child.rejected or Invalid(
            'import-crashed',
            'Importing entrypoint.py ended its process: it %s.%s'
            % (failure_reasons.ending(status), ' ' + failure.message if failure else ''),
        )
        # A crash prints the stack with this package's own frames.
        self.refuse(invalid, failure_reasons.without_own_frames(child.capture.take(0)).encode())

    def refuse(self, invalid, output=b''):
        """Reports that the project cannot be run, and finishes."""
        self.writer.write(invalid.line(output))
        self.exit_code = 2
        self.finished = True

    def end_if_drained(self):
        """Once no task runs: answers the batches that will not run, and lets the child exit."""
        child = self.child
        if self.exit_deadline is not None or (child is not None and child.ready and self.batches.sent):
            return
        self.batches.take_back()
        for batch in self.batches.waiting:
            number, tasks = batch.parse()
            self.writer.write(batch_event(number, batch.succeeded, batch.failed, len(tasks)))
        self.batches.waiting.clear()
        if child is None:
            self.finished = True
        else:
            self.exit_deadline = time.monotonic() + (EXIT_HANDLER_SECONDS if child.ready else 0)
            child.close_orders()

    def end(self):
        """Kills the child at once; records that it has written are still relayed."""
        if self.child is not None:
            self.end_child()
            self.read_out(self.child)
            self.child = None
        self.finished = True
