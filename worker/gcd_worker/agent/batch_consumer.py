"""Takes one batch after the other from the queue, and sees each of them through."""
import json
import os
import threading
import time

from .backoff import Pauses
from .cloud import Fenced, Trouble
from .log import say
from .results.completed import done_of, left_of

# Batches whose answer is under way; with more, something is wrong that more work does not fix.
MOST_UNANSWERED = 4
# SQS: a queue that was made just now is not seen everywhere at once.
GONE = ('AWS.SimpleQueueService.NonExistentQueue', 'QueueDoesNotExist')
LOOK = 1.0


class Stopped(Exception):
    """The pod was told to end."""


class BatchConsumer:
    """`outcome` is (exit code, why), once it has ended."""

    def __init__(self, cloud, environment, slot, holds, uploads, status, be_ready, names):
        """`be_ready(whether)` tells Kubernetes whether this pod counts. `names` are those of the data files."""
        self._cloud, self._environment, self._slot = cloud, environment, slot
        self._holds, self._uploads, self._status, self._be_ready = holds, uploads, status, be_ready
        self._names = names
        self._pauses = Pauses(environment.pace)
        self._stop_at = None
        self._holding = None
        self._missing_since = None
        self._over = environment.path('over')
        self._idle_at = None
        self.outcome = None
        self.ended = threading.Event()

    def start(self):
        """Works from now on, in a thread of its own."""
        threading.Thread(target=self._run, daemon=True).start()

    def stop(self, at):
        """The pod is told to end: nothing is begun, and what runs must have ended at that time (monotonic)."""
        with self._slot.changed:
            self._stop_at = at
            self._slot.changed.notify_all()

    def state(self):
        """For whoever watches."""
        with self._slot.changed:
            slot, course = self._slot, self._slot.course
            task = course.current() if course and slot.worker else None
            doing = 'starting' if not slot.worker else 'idle' if course is None else 'working'
            return {
                'state': 'stopping' if self._stop_at is not None or slot.gone else doing,
                'pid': slot.worker['pid'] if slot.worker else None,
                'repetition': self._holding.repetition if self._holding else None,
                'batch': self._holding.batch if self._holding else None,
                'task': task[:4] if task else None,
                'since': slot.since if task else None,
                'succeeded': slot.succeeded,
                'failed': slot.failed,
            }

    def _run(self):
        try:
            self._status.look()
            if not self._status.over:
                with self._slot.changed:
                    self._slot.start()
                self._wait_for_worker()
            while self.outcome is None:
                if self._status.over:
                    self._finish()
                else:
                    self._next()
        except Stopped:
            pass
        self.ended.set()

    def _wait_for_worker(self):
        with self._slot.changed:
            while self._slot.worker is None and not self._status.over:
                self._check_stop()
                self._slot.look()
                if self._has_failed():
                    return
                self._slot.changed.wait(LOOK)

    def _has_failed(self):
        slot = self._slot
        if slot.invalid is not None:
            hint = slot.invalid['hint']
            self.outcome = (2, slot.invalid['message'] + ('\n' + hint if hint else ''))
        elif slot.dead is not None:
            self.outcome = (1, slot.dead)
        return self.outcome is not None

    def _check_stop(self):
        if self._stop_at is not None:
            raise Stopped

    def _next(self):
        with self._slot.changed:
            self._check_stop()
            self._slot.look()
            if self._has_failed():
                return
        if self._uploads.unanswered >= MOST_UNANSWERED:
            time.sleep(self._environment.pace['pause'])
            return
        hold = self._receive()
        if hold is not None:
            self._take(hold)

    def _finish(self):
        """The run is over. That ends the whole of it, once one batch is answered so: one that this pod had, or another."""
        with self._slot.changed:
            self._check_stop()
            if self._idle_at is None:
                # The state machine waits for pods that count: first for one, to hand out batches, which then ends the run; at
                # the end for those that are still at a task.
                self._idle_at = time.monotonic() + (0 if self._slot.worker else self._environment.pace['visibility'])
            self._be_ready(time.monotonic() < self._idle_at and not os.path.exists(self._over))
            self._slot.stop(self._status.over)
            self._slot.look()
        if not os.path.exists(self._over):
            hold = self._receive()
            if hold is not None:
                self._take(hold)
            return
        say('the run is over: this pod ends')
        self.outcome = (0, '')

    def _end_run(self, hold):
        """Answers a batch so that the run ends, and remembers that, also for a container that is started anew."""
        self._uploads.answer(hold, _outcome(hold.batch), hold.repetition, self._status.why)
        with open(self._over, 'w'):
            pass

    def _receive(self):
        """A batch that is in hand now; None: there is none."""
        received = self._ask_queue()
        if received is None:
            return None
        body, receipt = received
        message = _parsed(body, self._environment)
        if message is not None:
            return self._holds.add(message, receipt)
        say('a message that is not of this execution is removed')
        self._insist(lambda: self._cloud.delete(receipt), 'removing a message')
        return None

    def _ask_queue(self):
        pace = self._environment.pace
        try:
            received = self._cloud.receive(pace['poll'], pace['visibility'])
            self._pauses.begin()
            self._missing_since = None
            return received
        except Trouble as trouble:
            if trouble.code in GONE:
                self._missing_since = self._missing_since or time.monotonic()
                if time.monotonic() - self._missing_since >= pace['patience'] and not self._uploads.unanswered:
                    say('the queue is gone: the run is over')
                    self.outcome = (0, '')
                    return None
            else:
                say('no batch can be asked for, trying again: %s', trouble)
            self._sleep(self._pauses.next())
            return None

    def _take(self, hold):
        outcome = self._uploads.outcome_of(hold.token)
        if outcome is not None:
            # The queue has sent it twice: what is under way answers this one, too.
            self._uploads.answer(hold, outcome, hold.repetition)
            return
        if not self._status.over:
            try:
                # Before anything else: whose token is of no use has no batch.
                self._insist(lambda: self._cloud.heartbeat(hold.token), 'a heartbeat')
            except Fenced as trouble:
                say('batch %d is not wanted any more: %s', hold.batch, trouble.code)
                hold.fenced = True
                self._uploads.answer(hold, _outcome(hold.batch), hold.repetition)
                return
            self._status.look()
        if self._status.over:
            self._end_run(hold)
            return
        tasks, tables = self._insist(lambda: self._left(hold.message), 'batch %d' % hold.batch)
        with self._slot.changed:
            self._holding = hold
            self._slot.begin(hold.message, hold.receipt, tasks, tables)
            self._see_through(hold)
            course = self._slot.end()
            self._holding = None
            left = course.remaining()
            if hold.fenced and left and not self._slot.gone:
                self._slot.renew()
            failed = self._has_failed()
        ends = failed or self._stop_at is not None
        if left and self._status.over and not ends:
            self._end_run(hold)
        elif not left or not ends or hold.fenced or hold.receipt is None:
            outcome = _outcome(hold.batch, course.count('s'), course.count('f'), len(left))
            self._uploads.answer(hold, outcome, hold.repetition)
        # Else its message is given back when the pod ends, and comes to another one.

    def _see_through(self, hold):
        """Till the batch is through, its time is over, or it has to be left as it is."""
        slot, until = self._slot, time.monotonic() + self._environment.pace['slice']
        while slot.work():
            if hold.fenced and not self._is_to_end(hold):
                return
            wait = LOOK
            if self._stop_at is not None:
                if time.monotonic() >= self._stop_at:
                    slot.stop('now')
                    slot.kill()
                    return
                slot.stop('drain')
                wait = min(wait, self._stop_at - time.monotonic())
            elif self._status.over:
                slot.stop(self._status.over)
            elif time.monotonic() >= until and slot.has_begun():
                # Something was done: a batch that is offered again always has less left.
                slot.cut()
            slot.changed.wait(max(0.0, wait))

    def _is_to_end(self, hold):
        """Whether the running task of a batch that is not wanted from this pod any more is to end, and to be kept.

        A stop ends the batches of all pods, perhaps before this one knows of the stop. Else another pod has the batch.
        """
        if not self._status.over:
            self._slot.changed.release()
            try:
                known = self._status.look(soon=True)
            finally:
                self._slot.changed.acquire()
            if not known:
                return True
        return self._status.over is not None

    def _left(self, message):
        """Tasks of the batch that have no record, and how pandas reads their files."""
        batch, environment = message['batch'], self._environment
        start = batch['offset']
        end = start + batch['bytes'] + (1 + batch['tables'] if 'tables' in batch else 0)
        line, _, read = self._cloud.read(environment.key('batch-tasks.jsonl'), start, end).partition(b'\n')
        tasks = self._names.known(json.loads(line.decode()))
        ended, attempts = done_of(self._cloud, environment, message['repetition'], batch['batch'], tasks)
        return left_of(tasks, ended, attempts), self._names.of_tables(json.loads(read.decode())) if read else None

    def _insist(self, ask, what):
        """Tries till it works. @raises Fenced, Stopped"""
        pauses = Pauses(self._environment.pace)
        while True:
            try:
                return ask()
            except Fenced:
                raise
            except Trouble as trouble:
                say('%s: trying again: %s', what, trouble)
                self._sleep(pauses.next())

    def _sleep(self, seconds):
        with self._slot.changed:
            until = time.monotonic() + seconds
            while time.monotonic() < until:
                self._check_stop()
                self._slot.changed.wait(max(0.0, until - time.monotonic()))


def _outcome(batch, succeeded=0, failed=0, not_run=0):
    """What the state machine is told of a batch (`BatchOutcome`)."""
    return {'batch': batch, 'succeeded': succeeded, 'failed': failed, 'notRun': not_run}


def _parsed(body, environment):
    try:
        message = json.loads(body)
        mine = (message['run'], message['execution']) == (environment.run, environment.execution)
        batch = message['batch']
        whole = all(isinstance(batch[key], int) for key in ('batch', 'tasks', 'offset', 'bytes'))
        return message if mine and whole and message['taskToken'] and int(message['repetition']) else None
    except (ValueError, KeyError, TypeError):
        return None
