"""The supervisor, the batch that it has, and what it says of it."""
import json
import threading
import time

from ...protocol.records import head_of
from ...runtime import memory
from ..log import say
from .batch_progress import BatchProgress
from .dispatcher import Dispatcher
from .journal import strike
from .supervisor_process import SupervisorProcess

# Pieces that the supervisor has: one to work on, one so that it need not wait.
AHEAD = 2
# Supervisors that die in a row without having finished a piece.
MOST_DEATHS = 3
PATIENCE = 5


class Slot:
    """All methods are to be called with `changed` held; it is notified when anything has happened.

    `invalid` is why the project cannot be run; `dead` why the supervisor is not started again; `gone`: it has ended, as
    it was told to or for good.
    """

    def __init__(self, settings, spool, journal, data, on_ready):
        self.changed = threading.Condition(threading.RLock())
        self.settings, self._spool, self._journal, self._data = settings, spool, journal, data
        self._on_ready = on_ready
        self._process = None
        self._feed = None
        self._batch = None
        self._tables = None
        self._pieces = 0
        self._deaths = 0
        self._exit = None
        self._kills = 0
        self._told = None
        self._is_cut = False
        self._heard = False
        self._line = b''
        # What the supervisor's child has reported in its life, while no batch counts it.
        self._answered = 0
        self._life = None
        self.course = None
        self.worker = None
        self.invalid = None
        self.dead = None
        self.gone = False
        self.succeeded = self.failed = 0
        self.since = time.time()

    def start(self):
        """Starts a supervisor."""
        self._exit = None
        self._kills = memory.kernel_kills()
        mine = object()
        self._life = mine
        self._process = SupervisorProcess(
            self.settings, lambda lines: self._hear(mine, lines), lambda code: self._over(mine, code)
        )

    def begin(self, message, receipt, tasks, tables=None):
        """A batch is in hand: these tasks of it; `tables` is how pandas reads their files."""
        self._batch = (message, receipt)
        self._tables = tables
        self._is_cut = False
        self._feed = Dispatcher(self._data)
        self._spool.begin(message['repetition'], message['batch']['batch'])
        self._heard = False
        self._resume(tasks, self._answered)
        self.since = time.time()

    def end(self):
        """The batch is not in hand any more; the BatchProgress that it took."""
        course, self.course = self.course, None
        self._answered = course.answered
        self._feed.end()
        self._feed = self._batch = None
        self._spool.rotate()
        self._journal.end()
        return course

    def work(self):
        """Does what there is to do; whether there is more to come of the batch."""
        self.look()
        if self.gone:
            return False
        while self._told is None and not self._is_cut and self.worker and self.course.unsent and len(self.course.pieces) < AHEAD:
            count, told = self._feed.next(self.course)
            if not count:
                break
            # First the journal: what was sent may be what kills this container.
            self._journal.sent(count)
            if not self.course.pieces:
                self.since = time.time()
            piece = self.course.send(count)
            self._pieces += 1
            order = {'batch': self._pieces, 'tasks': piece, 'data': told}
            self._process.send(dict(order, tables=self._tables) if self._tables else order)
            self._feed.want(self.course)
        return bool(self.course.pieces) if self._is_cut else bool(self.course.remaining() or self.course.pieces)

    def has_begun(self):
        """Whether a task of the batch was begun since it is in hand."""
        return self._heard or self._journal.executing(self.course) is not None

    def cut(self):
        """The running task ends, and no other task of the batch begins. The next batch finds the same worker."""
        if not self._is_cut:
            self._is_cut = True
            if self.course.pieces:
                self._process.send({'cut': True})

    def look(self):
        """Without a batch: whether the supervisor has ended."""
        if self._exit is not None and not self.gone:
            self._replace()

    def stop(self, how):
        """`drain`: the running task ends. `now`: it is ended. Nothing else begins."""
        if self._told in (how, 'now'):
            return
        self._told = how
        if self._exit is None and self._process is not None:
            self._process.send({'stop': how})
        else:
            self.gone = True

    def renew(self):
        """Another supervisor: nobody wants what this one is at."""
        process, self._life = self._process, None
        self.changed.release()
        try:
            process.end(PATIENCE)
        finally:
            self.changed.acquire()
        self.worker = None
        self._answered = 0
        self.start()

    def kill(self):
        """Ends it, whatever it does."""
        process = self._process
        self.changed.release()
        try:
            process.end(PATIENCE)
        finally:
            self.changed.acquire()

    def _resume(self, tasks, answered):
        message, receipt = self._batch
        self.course = BatchProgress(tasks, answered)
        self._journal.begin(
            receipt=receipt,
            repetition=message['repetition'],
            batch=message['batch']['batch'],
            tasks=tasks,
            answered=answered,
            strike=self._spool.number(),
            worker=self._line.decode(),
        )
        self._feed.want(self.course)

    def _hear(self, life, lines):
        """What a supervisor has written."""
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
                    self._event(json.loads(line.decode()), line, records, marks)
            self._keep(records)
            self._journal.heard(marks)
            self.changed.notify_all()

    def _count(self, kind, index):
        self.since = time.time()
        self._heard = True
        if self.course is not None:
            self.course.heard(kind, index)
        self.succeeded += kind == 's'
        self.failed += kind == 'f'

    def _event(self, event, line, records, marks):
        name = event['event']
        if name == 'worker':
            self._keep(records)
            self._spool.worker(line)
            self._line, self.worker, self._answered = line, event, 0
            marks.append('w')
            if self.course is not None:
                self.course.worker()
            self._on_ready()
        elif name == 'batch':
            marks.append('e')
            self._deaths = 0
            if self.course is not None:
                self.course.piece_ended()
                self._feed.answered()
        elif name == 'invalid':
            self.invalid = event

    def _keep(self, records):
        """On the disk, before anything else knows of them."""
        if records:
            self._spool.take(b'\n'.join(records) + b'\n')
            del records[:]

    def _over(self, life, code):
        """A supervisor has ended."""
        with self.changed:
            if life is self._life:
                self._exit = code
                self.changed.notify_all()

    def _replace(self):
        """After its end: strikes the task that it was in, and starts another, unless it was told to end."""
        if self._told is not None or self.invalid is not None:
            self.gone = True
            return
        self._deaths += 1
        why = 'its supervisor ended with code %s' % self._exit
        say('a worker died: %s', why)
        if self._deaths > MOST_DEATHS:
            self.dead = 'A worker died %d times in a row: %s' % (self._deaths, why)
            self.gone = True
            return
        self.worker = None
        if self.course is not None:
            task = self._journal.executing(self.course)
            if task is not None:
                self._strike(task, why)
            self._feed.end()
            ended = self.course.ended
            self._resume(self.course.remaining(), 0)
            self.course.ended.update(ended)
        self._answered = 0
        self.start()

    def _strike(self, task, why):
        killed = memory.kernel_kills() > self._kills
        kind, name = ('out-of-memory', 'SIGKILL') if killed else ('lost-node', 'WorkerLost')
        line, last = strike(task, self.settings['max_attempts'], kind, name, why)
        self._spool.take(line)
        self._count('f' if last else 'a', task[0])
