"""Takes one batch after the other from the queue, and sees each of them through."""
import json
import os
import threading
import time

from .backoff import Backoff
from .cloud import CloudError, Fenced
from .log import log
from .results.completed import read_completed, without_completed

# Batches whose answer is under way; with more, something is wrong that more work does not fix.
MAX_UNANSWERED = 4
# SQS: a queue that was made just now is not seen everywhere at once.
GONE = ('AWS.SimpleQueueService.NonExistentQueue', 'QueueDoesNotExist')
POLL_SECONDS = 1.0


class Stopped(Exception):
    """The pod was told to end."""


class BatchConsumer:
    """`outcome` is (exit code, why), once it has ended."""

    def __init__(self, cloud, environment, slot, leases, uploads, status, be_ready, names):
        """`be_ready(whether)` tells Kubernetes whether this pod counts. `names` are those of the data files."""
        self._cloud, self._environment, self._slot = cloud, environment, slot
        self._leases, self._uploads, self._status, self._be_ready = leases, uploads, status, be_ready
        self._names = names
        self._backoff = Backoff(environment.pace)
        self._stop_at = None
        self._lease = None
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
            slot, progress = self._slot, self._slot.progress
            task = progress.current() if progress and slot.worker else None
            doing = 'starting' if not slot.worker else 'idle' if progress is None else 'working'
            return {
                'state': 'stopping' if self._stop_at is not None or slot.ended else doing,
                'pid': slot.worker['pid'] if slot.worker else None,
                'repetition': self._lease.repetition if self._lease else None,
                'batch': self._lease.batch if self._lease else None,
                'task': task[:4] if task else None,
                'since': slot.since if task else None,
                'succeeded': slot.succeeded,
                'failed': slot.failed,
            }

    def _run(self):
        try:
            self._status.poll()
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
                self._slot.check_exit()
                if self._has_failed():
                    return
                self._slot.changed.wait(POLL_SECONDS)

    def _has_failed(self):
        slot = self._slot
        if slot.invalid is not None:
            hint = slot.invalid['hint']
            self.outcome = (2, slot.invalid['message'] + ('\n' + hint if hint else ''))
        elif slot.failure is not None:
            self.outcome = (1, slot.failure)
        return self.outcome is not None

    def _check_stop(self):
        if self._stop_at is not None:
            raise Stopped

    def _next(self):
        with self._slot.changed:
            self._check_stop()
            self._slot.check_exit()
            if self._has_failed():
                return
        if self._uploads.unanswered >= MAX_UNANSWERED:
            time.sleep(self._environment.pace['pause'])
            return
        lease = self._receive()
        if lease is not None:
            self._take(lease)

    def _finish(self):
        """The run is over. That ends the whole of it, once one batch is answered so: one that this pod had, or another."""
        with self._slot.changed:
            self._check_stop()
            if self._idle_at is None:
                # The state machine waits for pods that count: first for one, to consumer out batches, which then ends the run; at
                # the end for those that are still at a task.
                self._idle_at = time.monotonic() + (0 if self._slot.worker else self._environment.pace['visibility'])
            self._be_ready(time.monotonic() < self._idle_at and not os.path.exists(self._over))
            self._slot.stop(self._status.over)
            self._slot.check_exit()
        if not os.path.exists(self._over):
            lease = self._receive()
            if lease is not None:
                self._take(lease)
            return
        log('the run is over: this pod ends')
        self.outcome = (0, '')

    def _end_run(self, lease):
        """Answers a batch so that the run ends, and remembers that, also for a container that is started anew."""
        self._uploads.answer(lease, _outcome(lease.batch), lease.repetition, self._status.why)
        with open(self._over, 'w'):
            pass

    def _receive(self):
        """A batch that is in consumer now; None: there is none."""
        received = self._ask_queue()
        if received is None:
            return None
        body, receipt = received
        message = _parsed(body, self._environment)
        if message is not None:
            return self._leases.add(message, receipt)
        log('a message that is not of this execution is removed')
        self._retry(lambda: self._cloud.delete(receipt), 'removing a message')
        return None

    def _ask_queue(self):
        pace = self._environment.pace
        try:
            received = self._cloud.receive(pace['poll'], pace['visibility'])
            self._backoff.begin()
            self._missing_since = None
            return received
        except CloudError as error:
            if error.code in GONE:
                self._missing_since = self._missing_since or time.monotonic()
                if time.monotonic() - self._missing_since >= pace['patience'] and not self._uploads.unanswered:
                    log('the queue is gone: the run is over')
                    self.outcome = (0, '')
                    return None
            else:
                log('no batch can be asked for, trying again: %s', error)
            self._sleep(self._backoff.next())
            return None

    def _take(self, lease):
        outcome = self._uploads.outcome_of(lease.token)
        if outcome is not None:
            # The queue has sent it twice: what is under way answers this one, too.
            self._uploads.answer(lease, outcome, lease.repetition)
            return
        if not self._status.over:
            try:
                # Before anything else: whose token is of no use has no batch.
                self._retry(lambda: self._cloud.heartbeat(lease.token), 'a heartbeat')
            except Fenced as error:
                log('batch %d is not wanted any more: %s', lease.batch, error.code)
                lease.fenced = True
                self._uploads.answer(lease, _outcome(lease.batch), lease.repetition)
                return
            self._status.poll()
        if self._status.over:
            self._end_run(lease)
            return
        tasks, tables = self._retry(lambda: self._left(lease.message), 'batch %d' % lease.batch)
        with self._slot.changed:
            self._lease = lease
            self._slot.begin(lease.message, lease.receipt, tasks, tables)
            self._work_off(lease)
            progress = self._slot.end()
            self._lease = None
            left = progress.remaining()
            if lease.fenced and left and not self._slot.ended:
                self._slot.restart()
            failed = self._has_failed()
        ends = failed or self._stop_at is not None
        if left and self._status.over and not ends:
            self._end_run(lease)
        elif not left or not ends or lease.fenced or lease.receipt is None:
            outcome = _outcome(lease.batch, progress.count('s'), progress.count('f'), len(left))
            self._uploads.answer(lease, outcome, lease.repetition)
        # Else its message is given back when the pod ends, and comes to another one.

    def _work_off(self, lease):
        """Till the batch is through, its time is over, or it has to be left as it is."""
        slot, until = self._slot, time.monotonic() + self._environment.pace['slice']
        while slot.work():
            if lease.fenced and not self._is_to_end(lease):
                return
            wait = POLL_SECONDS
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

    def _is_to_end(self, lease):
        """Whether the running task of a batch that is not wanted from this pod any more is to end, and to be kept.

        A stop ends the batches of all pods, perhaps before this one knows of the stop. Else another pod has the batch.
        """
        if not self._status.over:
            self._slot.changed.release()
            try:
                known = self._status.poll(soon=True)
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
        ended, attempts = read_completed(self._cloud, environment, message['repetition'], batch['batch'], tasks)
        return without_completed(tasks, ended, attempts), self._names.of_tables(json.loads(read.decode())) if read else None

    def _retry(self, ask, what):
        """Tries till it works. @raises Fenced, Stopped"""
        backoff = Backoff(self._environment.pace)
        while True:
            try:
                return ask()
            except Fenced:
                raise
            except CloudError as error:
                log('%s: trying again: %s', what, error)
                self._sleep(backoff.next())

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
