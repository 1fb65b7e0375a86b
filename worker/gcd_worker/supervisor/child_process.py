"""A child process with its pipes and shared memory, as its supervisor sees it."""
import fcntl
import json
import os
import resource
import subprocess
import sys
import termios
import time

from .. import MAIN
from ..protocol import shared_memory
from ..runtime import processes, wall_clock
from ..runtime.task_environment import task_environment
from .output_capture import OutputCapture, new_marker

PIPE_SIZE = 1 << 20
# The kernel's limit for a process is this much above the measured one: libraries reserve more memory than they use, and the
# measurement, every tenth of a second, must come first.
HEADROOM = 1 << 30
CLOCK_OFFSET = wall_clock.clock_offset()


class ChildProcess:
    """Starts the child.

    `answered`: executions that it has reported; `batches`: batches that it was sent; `ready`: it has imported the project;
    `rejected`: the Invalid that it has reported instead; `spared`: daemons that importing has started; `cut_off_at`: when
    its record channel was closed. `listener`: see OutputCapture.
    """

    def __init__(self, settings, listener=None):
        self.ready = False
        self.answered = 0
        self.batches = 0
        self.rejected = None
        self.spared = frozenset()
        self.cut_off_at = None
        marker = new_marker()
        self.capture = OutputCapture(marker, listener)
        self.page, shared = shared_memory.new_shared_memory(settings.get('shared_memory'))
        orders, self.orders = os.pipe()
        self.records, records = os.pipe()
        self.printed, printed = os.pipe()
        for descriptor in (orders, records, printed):
            _enlarge(descriptor)
        for descriptor in (self.orders, self.records, self.printed):
            os.set_blocking(descriptor, False)
        self._pieces = []
        self.unsent = json.dumps(dict(settings, marker=marker, clock_offset=CLOCK_OFFSET)).encode() + b'\n'
        given = (orders, records, shared)
        try:
            self._process = subprocess.Popen(
                [sys.executable, MAIN, 'child'] + [str(descriptor) for descriptor in given],
                stdin=subprocess.DEVNULL,
                stdout=printed,
                stderr=printed,
                pass_fds=given,
                cwd=settings['project'],
                env=_environment(settings),
                start_new_session=True,
                preexec_fn=_prepare(os.getpid(), settings.get('memory')),
            )
        finally:
            for descriptor in given + (printed,):
                os.close(descriptor)
        self.pid = self._process.pid

    def executing(self):
        """Whether it is executing a task that it has not reported."""
        return self.page.integers[shared_memory.STARTED] > self.answered

    def overdue_at(self, timeout):
        """When the running task exceeds the timeout (monotonic); None if no task is running."""
        integers = self.page.integers
        if integers[shared_memory.STARTED] == integers[shared_memory.FINISHED]:
            return None
        return self.page.doubles[shared_memory.MONOTONIC] + timeout

    def send(self, data=b''):
        """Writes as much as the pipe takes; the rest at the next call."""
        if data:
            self.unsent += data
        try:
            while self.unsent:
                self.unsent = self.unsent[os.write(self.orders, self.unsent) :]
        except BlockingIOError:
            pass
        except OSError:
            # It has ended, which `reap` will report.
            self.unsent = b''

    def read_records(self):
        """The complete lines that have arrived; None for a part of a line, b'' for nothing."""
        try:
            data = os.read(self.records, PIPE_SIZE)
        except (BlockingIOError, OSError):
            return b''
        if not data and self.cut_off_at is None:
            self.cut_off_at = time.monotonic()
        end = data.rfind(b'\n') + 1
        if not end:
            if data:
                self._pieces.append(data)
                return None
            return b''
        lines = data[:end]
        if self._pieces:
            lines = b''.join(self._pieces) + lines
            self._pieces.clear()
        if end < len(data):
            self._pieces.append(data[end:])
        return lines

    def read_printed(self):
        """Captures what was printed up to now; returns how many bytes."""
        try:
            waiting = int.from_bytes(fcntl.ioctl(self.printed, termios.FIONREAD, b'\0\0\0\0'), sys.byteorder)
        except OSError:
            waiting = PIPE_SIZE
        taken = 0
        # Not until the pipe is empty: a task may print faster than this reads.
        while taken < waiting:
            try:
                data = os.read(self.printed, PIPE_SIZE)
            except (BlockingIOError, OSError):
                break
            if not data:
                break
            taken += len(data)
            self.capture.feed(data)
        return taken

    def close_orders(self):
        """Ends the child's input."""
        os.close(self.orders)
        self.orders = -1

    def collected(self, status):
        """Sets the status: it has been waited for, and Popen must not wait again."""
        self._process.returncode = status

    def close(self):
        """Closes its pipes."""
        for descriptor in (self.orders, self.records, self.printed):
            if descriptor >= 0:
                os.close(descriptor)


def _enlarge(descriptor):
    """So that the child does not block while the supervisor sleeps."""
    try:
        fcntl.fcntl(descriptor, getattr(fcntl, 'F_SETPIPE_SZ', 1031), PIPE_SIZE)
    except OSError:  # not Linux, or the user has reached the limit for pipes
        pass


def _environment(settings):
    variables = task_environment(settings.get('environment') or {}, settings.get('threads'))
    # Read by importable/gcd_sfn_project.
    variables['GCD_SFN_PROJECT'] = settings.get('working_directory') or settings['project']
    return variables


def _prepare(supervisor, memory):
    def prepare():
        processes.die_with_parent(supervisor)
        if memory and sys.platform == 'linux':
            highest = resource.getrlimit(resource.RLIMIT_DATA)[1]
            wanted = int(memory) * 2 + HEADROOM
            if highest == resource.RLIM_INFINITY or wanted < highest:
                resource.setrlimit(resource.RLIMIT_DATA, (wanted, highest))

    return prepare
