"""The supervisor process: an event loop around one slot."""
import json
import os
import select
import signal
import sys
import time
import traceback

from ..runtime import processes
from .nonblocking_writer import NonblockingWriter
from .slot import Slot
from .subreaper import fork_supervisor

# Waking up for every record would cost more than the record: at a high rate, the loop pauses and reads several at once.
MANY_LINES = 16
BATCHED_READ_PAUSE = 0.0015
# Time for pending output to be written after a stop at once.
FLUSH_SECONDS = 0.2


class Stop(Exception):
    """Exit at once."""


class Supervisor:
    """One slot, from its settings to its end."""

    def __init__(self, settings, rest, writer):
        self.input = rest
        self.slot = Slot(settings, writer)
        self.poll = select.poll()
        self.watched = {}
        self.wakeup, write = os.pipe()
        for descriptor in (self.wakeup, write):
            os.set_blocking(descriptor, False)
        signal.set_wakeup_fd(write, warn_on_full_buffer=False)

    def run(self):
        """Runs until stopped; returns the exit code."""
        slot = self.slot
        slot.start()
        self.take_lines()
        while not slot.finished or slot.writer.pending:
            self.watch()
            for descriptor, events in self.poll.poll(self.timeout()):
                if descriptor == 0:
                    self.read_input()
                elif descriptor == self.wakeup:
                    self.read_signals()
                elif descriptor == 1 and events & ~select.POLLOUT:
                    # The reader has closed its end.
                    raise Stop
            slot.writer.flush()
            if slot.writer.broken:
                raise Stop
            if not slot.finished and slot.work() >= MANY_LINES:
                time.sleep(BATCHED_READ_PAUSE)
        return slot.exit_code

    def watch(self):
        """Registers the descriptors with `poll`."""
        slot = self.slot
        wanted = {0: select.POLLIN, self.wakeup: select.POLLIN}
        # Also without pending output: poll reports a reader that has closed its end.
        wanted[1] = select.POLLOUT if slot.writer.pending else 0
        wanted.update(slot.descriptors())
        if wanted == self.watched:
            return
        for descriptor in self.watched:
            if descriptor not in wanted:
                self.poll.unregister(descriptor)
        for descriptor, events in wanted.items():
            self.poll.register(descriptor, events)
        self.watched = wanted

    def timeout(self):
        """Milliseconds until the slot must work; None if it need not."""
        due = self.slot.due()
        return None if due is None else max(0, int((due - time.monotonic()) * 1000) + 1)

    def read_input(self):
        try:
            data = os.read(0, 1 << 20)
        except BlockingIOError:
            # Where input and output are one terminal or socket, making one non-blocking makes both.
            return
        if not data:
            raise Stop
        self.input += data
        self.take_lines()

    def take_lines(self):
        *lines, self.input = self.input.split(b'\n')
        for line in lines:
            if line.startswith(b'{"batch":'):
                self.slot.add(line)
            elif line.strip():
                self.take_order(json.loads(line.decode()), line)

    def take_order(self, order, line):
        if 'batch' in order:
            self.slot.add(line)
        elif order.get('cut') is True:
            self.slot.cut()
        elif order.get('stop') == 'drain':
            self.slot.drain()
        elif order.get('stop') == 'now':
            raise Stop
        else:
            sys.stderr.write('gcd-worker: unknown order: %s\n' % line[:200].decode('utf-8', 'replace'))

    def read_signals(self):
        for number in os.read(self.wakeup, 4096):
            if number in (signal.SIGTERM, signal.SIGHUP):
                raise Stop
        self.slot.collect()


def read_settings():
    """The first line of standard input, parsed, and what has come behind it; None at the end of input."""
    data = b''
    while b'\n' not in data:
        more = os.read(0, 1 << 20)
        if not more:
            return None, b''
        data += more
    line, _, rest = data.partition(b'\n')
    return json.loads(line.decode()), rest


def supervise():
    """Runs a supervisor on standard input and output; returns its exit code."""
    fork_supervisor()
    # Up to Python 3.8, standard error to a pipe is buffered in blocks.
    sys.stderr.reconfigure(line_buffering=True)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD):
        # Handlers, not SIG_IGN, which the user's processes would inherit. The wakeup descriptor does the work.
        signal.signal(number, lambda number, frame: None)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, (signal.SIGTERM, signal.SIGHUP))
    settings, rest = read_settings()
    if settings is None:
        return 0
    processes.adopt_orphans()
    writer = NonblockingWriter(1)
    supervisor = Supervisor(settings, rest, writer)
    code, flush_seconds = 0, FLUSH_SECONDS
    try:
        code, flush_seconds = supervisor.run(), None
    except Stop:
        pass
    except BaseException:
        traceback.print_exc()
        code = 1
    supervisor.slot.end()
    writer.close(flush_seconds)
    return code
