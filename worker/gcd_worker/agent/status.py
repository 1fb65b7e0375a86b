"""Uploads the pod's state and log, and polls whether the run is over: `control.json` and the deadline."""
import json
import os
import threading
import time

from ..runtime import memory, processes
from .cloud import AccessDenied, CloudError, NotFound
from .log import log

# A larger log is uploaded less often.
LARGE_LOG_BYTES = 1 << 20
# Seconds that the clocks of two machines may differ.
SKEW = 60
TICKS = os.sysconf('SC_CLK_TCK')
UNLIMITED = 1 << 62


class Status:
    """`over` is None while the run goes on, else 'drain' or 'now' (PROTOCOL.md); `why` is the reason."""

    def __init__(self, cloud, environment, log_path, state_of, on_over):
        self._cloud, self._environment, self._log_path = cloud, environment, log_path
        self._state_of, self._on_over = state_of, on_over
        self._deadline = None
        self._has_deadline = None
        self._began = time.monotonic()
        self._used = (time.monotonic(), cpu_seconds())
        self._logged = {}
        self.over = None
        self.why = ''

    def start(self):
        """Starts polling and writing, in threads of its own."""
        for work in (self._poll_loop, self._write_loop):
            threading.Thread(target=work, daemon=True).start()

    def poll(self, soon=False):
        """Reads whether the run is over; False when that could not be read, which changes nothing.

        `soon`: a deadline within a minute counts as passed, since clocks differ.
        """
        if self.over == 'now':
            return True
        try:
            how, why = self._requested_stop(), 'the run was stopped'
            if self._has_deadline is None:
                self._read_deadline()
        except CloudError as error:
            log('whether the run is over could not be read, continuing: %s', error)
            return False
        if self._has_deadline:
            passed = time.time() - self._deadline
            if passed >= (-SKEW if soon else 0) and how is None:
                how, why = 'drain', 'the budget of the run is used up'
            if passed >= self._environment.pace['late']:
                how = 'now'
        if how is not None and how != self.over:
            self.over, self.why = how, self.why or why
            log('%s', why)
            self._on_over()
        return True

    def write(self, last=False):
        """Uploads the state, and the log if it has grown; `last`: whatever its size."""
        try:
            state = json.dumps(self._state(0 if last else self._pause()), separators=(',', ':')).encode()
            self._cloud.write(self._environment.key('workers/%s.json' % self._environment.pod), state)
            self._write_logs(last)
        except CloudError as error:
            log('the state of this worker could not be uploaded: %s', error)

    def _requested_stop(self):
        found = self._find('control.json')
        if found is None:
            return None
        try:
            return 'now' if json.loads(found.decode()).get('stop') == 'now' else 'drain'
        except (ValueError, AttributeError):
            return 'drain'

    def _read_deadline(self):
        """It is written once, before workers start."""
        found = self._find('costs/%s.json' % self._environment.execution)
        if found is not None:
            self._deadline = json.loads(found.decode()).get('deadline')
            self._has_deadline = self._deadline is not None

    def _find(self, name):
        """An object of the run's store, or None."""
        key = self._environment.key(name)
        try:
            return self._cloud.read(key)
        except NotFound:
            return None
        except AccessDenied:
            # S3 answers this for an object that does not exist, where listing is allowed for some prefixes only.
            if key in self._cloud.keys(key):
                raise
            return None

    def _state(self, pause):
        """`pause`: seconds until the next upload."""
        at, cpu = time.monotonic(), cpu_seconds()
        since, before = self._used
        self._used = (at, cpu)
        environment = self._environment
        now = time.time()
        state = {'at': now, 'next': now + pause, 'worker': environment.pod, 'node': environment.node}
        state['execution'] = environment.execution
        state.update(self._state_of())
        state['cpu'] = round(max(0.0, cpu - before) / max(0.001, at - since), 3)
        state['memory'] = memory.in_use(os.getpid(), environment.memory or UNLIMITED)
        state['memoryLimit'] = environment.memory
        return state

    def _write_logs(self, last):
        folder, name = os.path.split(self._log_path)
        stem = name[: -len('.jsonl')]
        for extra in ('.1', ''):
            path = os.path.join(folder, stem + extra + '.jsonl')
            try:
                found = os.stat(path)
            except OSError:
                continue
            seen = (found.st_ino, found.st_size)
            before, at = self._logged.get(extra, (None, 0))
            pause = self._pause() * (found.st_size // LARGE_LOG_BYTES)
            if seen == before or (time.monotonic() < at + pause and not last):
                continue
            with open(path, 'rb') as file:
                # Lines that are appended meanwhile are uploaded the next time.
                self._cloud.write(self._environment.key('logs/%s%s.jsonl' % (stem, extra)), file.read(found.st_size))
            self._logged[extra] = (seen, time.monotonic())

    def _poll_loop(self):
        while True:
            self.poll()
            time.sleep(self._environment.pace['control'])

    def _write_loop(self):
        while True:
            self.write()
            time.sleep(self._pause())

    def _pause(self):
        """Seconds between two uploads: short at the start of a pod, when people watch, and longer later."""
        pace = self._environment.pace
        return max(pace['state'], min(pace['calm'], (time.monotonic() - self._began) / 10))


def cpu_seconds():
    """CPU seconds of this process and its descendants, and of children that were waited for."""
    total = 0
    for pid in processes.with_descendants(os.getpid()):
        try:
            with open('/proc/%d/stat' % pid) as file:
                fields = file.read().rpartition(')')[2].split()
            total += sum(int(ticks) for ticks in fields[11:15])
        except (OSError, ValueError):
            pass
    return total / TICKS
