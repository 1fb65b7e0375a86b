"""What others see of a pod, and what they want of it: its state and its log in the bucket, `control.json`, the deadline."""
import json
import os
import threading
import time

from ..runtime import memory, processes
from .cloud import AccessDenied, CloudError, NotFound
from .log import log

# A log that is larger is brought to the bucket less often.
LARGE_LOG_BYTES = 1 << 20
# Seconds that the clocks of two machines may differ.
SKEW = 60
TICKS = os.sysconf('SC_CLK_TCK')
UNLIMITED = 1 << 62


class Status:
    """`over` says whether anything more is to be begun: None, 'drain' or 'now'; `why`, what has ended the run."""

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
        """Looks and writes from now on, in threads of its own."""
        for work in (self._watch, self._tell):
            threading.Thread(target=work, daemon=True).start()

    def poll(self, soon=False):
        """Asks whether more is to be begun; False: it cannot be asked, which changes nothing.

        `soon`: a deadline that comes within a minute counts, as clocks differ.
        """
        if self.over == 'now':
            return True
        try:
            asked, why = self._asked(), 'the run was told to stop'
            if self._has_deadline is None:
                self._read_deadline()
        except CloudError as error:
            log('whether the run is to go on cannot be asked, going on: %s', error)
            return False
        if self._has_deadline:
            passed = time.time() - self._deadline
            if passed >= (-SKEW if soon else 0) and asked is None:
                asked, why = 'drain', 'the budget of the run is used up'
            if passed >= self._environment.pace['late']:
                asked = 'now'
        if asked is not None and asked != self.over:
            log('%s: %s', why, 'running tasks are ended' if asked == 'now' else 'nothing more is begun')
            self.over, self.why = asked, self.why or why
            self._on_over()
        return True

    def write(self, last=False):
        """Writes the state, and the log where there is more of it; `last`: however large it is."""
        try:
            state = json.dumps(self._state(0 if last else self._pause()), separators=(',', ':')).encode()
            self._cloud.write(self._environment.key('workers/%s.json' % self._environment.pod), state)
            self._write_logs(last)
        except CloudError as error:
            log('the state of this worker could not be written: %s', error)

    def _asked(self):
        found = self._find('control.json')
        if found is None:
            return None
        try:
            return 'now' if json.loads(found.decode()).get('stop') == 'now' else 'drain'
        except (ValueError, AttributeError):
            return 'drain'

    def _read_deadline(self):
        """It is written once, before there are workers."""
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
            # Who may list only some prefixes may be told this of an object that is not there.
            if key in self._cloud.keys(key):
                raise
            return None

    def _state(self, pause):
        """`pause`: seconds till the next one is written."""
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
                # What is appended meanwhile comes the next time.
                self._cloud.write(self._environment.key('logs/%s%s.jsonl' % (stem, extra)), file.read(found.st_size))
            self._logged[extra] = (seen, time.monotonic())

    def _watch(self):
        while True:
            self.poll()
            time.sleep(self._environment.pace['control'])

    def _tell(self):
        while True:
            self.write()
            time.sleep(self._pause())

    def _pause(self):
        """Seconds between two writes: somebody watches how a run begins, and less so how it goes on."""
        pace = self._environment.pace
        return max(pace['state'], min(pace['calm'], (time.monotonic() - self._began) / 10))


def cpu_seconds():
    """CPU seconds of this process and all below it that live, and of those that it has waited for."""
    total = 0
    for pid in processes.with_descendants(os.getpid()):
        try:
            with open('/proc/%d/stat' % pid) as file:
                fields = file.read().rpartition(')')[2].split()
            total += sum(int(ticks) for ticks in fields[11:15])
        except (OSError, ValueError):
            pass
    return total / TICKS
