"""The supervisor of a pod, the batch that it works on, and what it writes."""
import json
import signal
import threading
import time

from ...protocol.records import head_of
from ...runtime import memory
from ..log import log
from .batch_progress import BatchProgress
from .dispatcher import Dispatcher
from .lost_attempt import count_lost_attempt
from .supervisor_process import SupervisorProcess

# Pieces that the supervisor has: one to work on, one so that it need not wait.
MAX_PIECES = 2
# Supervisors that die in a row without having answered a piece.
MAX_DEATHS = 3
# Time for a supervisor to exit by itself.
EXIT_SECONDS = 5


class Slot:
    """Call all methods with `changed` held; it is notified when anything has happened.

    `invalid`: the event of a project that cannot be run. `failure`: why no other supervisor is started. `ended`: the
    supervisor has exited, and no other follows.
    """

    def __init__(self, settings, spool, journal, data, on_ready):
        self.changed = threading.Condition(threading.RLock())
        self.settings, self._spool, self._journal, self._data = settings, spool, journal, data
        self._on_ready = on_ready
        self._process = None
        # The process whose lines count; others were ended by this slot.
        self._life = None
        self._exit_code = None
        self._kernel_kills = 0
        self._deaths = 0
        self._stop_sent = None
        self._batch = None
        self._tables = None
        self._dispatcher = None
        self._orders = 0
        self._is_cut = False
        self._has_reported = False
        self._worker_line = b''
        # What the supervisor's child has reported in its life, while no batch counts it.
        self._answered = 0
        self.progress = None
        self.worker = None
        self.invalid = None
        self.failure = None
        self.ended = False
        self.succeeded = self.failed = 0
        self.since = time.time()

    def start(self):
        """Starts a supervisor."""
        self._exit_code = None
        self._kernel_kills = memory.kernel_kills()
        self._journal.forget_execution()
        life = self._life = object()
        self._process = SupervisorProcess(
            self.settings, lambda lines: self._on_lines(life, lines), lambda code: self._on_exit(life, code)
        )

    def begin(self, message, receipt, tasks, tables=None):
        """Starts with a batch: these tasks of it; `tables` is how pandas reads their files."""
        self._batch = (message, receipt)
        self._tables = tables
        self._is_cut = False
        self._dispatcher = Dispatcher(self._data)
        self._spool.begin(message['repetition'], message['batch']['batch'])
        self._has_reported = False
        self._resume(tasks, self._answered)
        self.since = time.time()

    def end(self):
        """Ends with the batch; returns its BatchProgress."""
        progress, self.progress = self.progress, None
        self._answered = progress.answered
        self._dispatcher.end()
        self._dispatcher = self._batch = None
        self._spool.rotate()
        self._journal.end()
        return progress

    def work(self):
        """Sends pieces whose files are there; whether the batch goes on."""
        self.check_exit()
        if self.ended:
            return False
        progress = self.progress
        while self._may_send() and progress.unsent and len(progress.pieces) < MAX_PIECES:
            count, data = self._dispatcher.next(progress)
            if not count:
                break
            # First the journal: what is sent may be what kills this container.
            self._journal.sent(count)
            if not progress.pieces:
                self.since = time.time()
            self._orders += 1
            order = {'batch': self._orders, 'tasks': progress.send(count), 'data': data}
            self._process.send(dict(order, tables=self._tables) if self._tables else order)
            self._dispatcher.prefetch(progress)
        return bool(progress.pieces) if self._is_cut else bool(progress.remaining() or progress.pieces)

    def has_begun(self):
        """Whether a task of the batch has been started since `begin`."""
        return self._has_reported or self._journal.executing(self.progress) is not None

    def cut(self):
        """The running task ends, and no other task of the batch starts. The next batch finds the same child."""
        if not self._is_cut:
            self._is_cut = True
            if self.progress.pieces:
                self._process.send({'cut': True})

    def check_exit(self):
        """Replaces a supervisor that has exited."""
        if self._exit_code is not None and not self.ended:
            self._after_exit()

    def stop(self, how):
        """`drain`: the running task ends. `now`: it is killed. No other task starts."""
        if self._stop_sent in (how, 'now'):
            return
        self._stop_sent = how
        if self._exit_code is None and self._process is not None:
            self._process.send({'stop': how})
        else:
            self.ended = True
        # Only now: whoever reads it may rely on it.
        log('the running task is killed' if how == 'now' else 'no other task starts')

    def restart(self):
        """Replaces the supervisor by another one: nobody wants what it is working on."""
        self._life = None
        self.kill()
        self.worker = None
        self._answered = 0
        self.start()

    def kill(self):
        """Ends the supervisor, whatever it does."""
        process = self._process
        self.changed.release()
        try:
            process.end(EXIT_SECONDS)
        finally:
            self.changed.acquire()

    def _may_send(self):
        return self._stop_sent is None and not self._is_cut and self.worker

    def _resume(self, tasks, answered):
        message, receipt = self._batch
        self.progress = BatchProgress(tasks, answered)
        self._journal.begin(
            receipt=receipt,
            repetition=message['repetition'],
            batch=message['batch']['batch'],
            tasks=tasks,
            answered=answered,
            lost_attempt_part=self._spool.number(),
            worker=self._worker_line.decode(),
        )
        self._dispatcher.prefetch(self.progress)

    def _on_lines(self, life, lines):
        """A supervisor has written complete lines."""
        with self.changed:
            if life is not self._life:
                return
            records, marks = [], []
            for line in lines.split(b'\n')[:-1]:
                head = head_of(line)
                if head is not None:
                    records.append(line)
                    marks.append('%s%d' % head)
                    self._count(*head)
                elif line.startswith(b'{"event":'):
                    self._on_event(json.loads(line.decode()), line, records, marks)
            self._spool_records(records)
            self._journal.heard(marks)
            self.changed.notify_all()

    def _count(self, kind, index):
        self.since = time.time()
        self._has_reported = True
        if self.progress is not None:
            self.progress.heard(kind, index)
        self.succeeded += kind == 's'
        self.failed += kind == 'f'

    def _on_event(self, event, line, records, marks):
        name = event['event']
        if name == 'worker':
            self._spool_records(records)
            self._spool.worker(line)
            self._worker_line, self.worker, self._answered = line, event, 0
            marks.append('w')
            if self.progress is not None:
                self.progress.child_started()
            self._on_ready()
        elif name == 'batch':
            marks.append('e')
            self._deaths = 0
            if self.progress is not None:
                self.progress.piece_ended()
                self._dispatcher.piece_ended()
        elif name == 'invalid':
            self.invalid = event

    def _spool_records(self, records):
        """Writes records to the disk, before anything else knows of them."""
        if records:
            self._spool.take(b'\n'.join(records) + b'\n')
            del records[:]

    def _on_exit(self, life, code):
        with self.changed:
            if life is self._life:
                self._exit_code = code
                self.changed.notify_all()

    def _after_exit(self):
        """Counts an attempt against the task that was running, and starts another supervisor, unless this one was to exit."""
        if self._stop_sent is not None or self.invalid is not None:
            self.ended = True
            return
        self._deaths += 1
        why = _describe_exit(self._exit_code)
        log('a worker died: %s', why)
        if self._deaths > MAX_DEATHS:
            self.failure = 'A worker died %d times in a row: %s' % (self._deaths, why)
            self.ended = True
            return
        self.worker = None
        if self.progress is not None:
            task = self._journal.executing(self.progress)
            if task is not None:
                self._count_lost_attempt(task, why)
            self._dispatcher.end()
            ended = self.progress.ended
            self._resume(self.progress.remaining(), 0)
            self.progress.ended.update(ended)
        self._answered = 0
        self.start()

    def _count_lost_attempt(self, task, why):
        is_kernel_kill = memory.kernel_kills() > self._kernel_kills
        kind, name = ('out-of-memory', 'SIGKILL') if is_kernel_kill else ('lost-node', 'WorkerLost')
        line, is_last = count_lost_attempt(task, self.settings['max_attempts'], kind, name, why)
        self._spool.take(line)
        self._count('f' if is_last else 'a', task[0])


def _describe_exit(code):
    """`code` as subprocess has it: negative for a signal."""
    if code < 0:
        return 'its supervisor was ended by %s' % signal.Signals(-code).name
    return 'its supervisor ended with exit code %d' % code
