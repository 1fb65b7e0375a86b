"""Receives one batch after the other, has its tasks run, and answers it."""
import json
import os
import threading
import time

from .backoff import Backoff
from .batch_queue import BatchQueue
from .cloud import CloudError, Fenced
from .log import log
from .results.completed import read_completed, without_completed

# Batches whose answer is pending. With more, AWS takes no answers, and more work would not help.
MAX_UNANSWERED = 4
POLL_SECONDS = 1.0


class Stopped(Exception):
    """The pod is to exit."""


class BatchConsumer:
    """`outcome` is (exit code, reason), once it has ended."""

    def __init__(self, cloud, environment, slot, leases, uploads, status, be_ready, names):
        """`be_ready(whether)` tells Kubernetes whether this pod counts. `names` are those of the data files."""
        self._cloud, self._environment, self._slot = cloud, environment, slot
        self._leases, self._uploads, self._status, self._be_ready = leases, uploads, status, be_ready
        self._names = names
        self._queue = BatchQueue(cloud, environment)
        self._stop_at = None
        self._lease = None
        # Exists once this pod has ended the run, also for the next container.
        self._run_ended = environment.path('over')
        self._idle_at = None
        self.outcome = None
        self.ended = threading.Event()

    def start(self):
        """Starts, in a thread of its own."""
        threading.Thread(target=self._run, daemon=True).start()

    def stop(self, at):
        """The pod is to exit: no other task starts, and the running one must have ended at that time (monotonic)."""
        with self._slot.changed:
            self._stop_at = at
            self._slot.changed.notify_all()

    def state(self):
        """The pod's state, for status displays."""
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
        """The run is over. One batch that is answered so ends it: one of this pod, or of another."""
        with self._slot.changed:
            self._check_stop()
            if self._idle_at is None:
                # The state machine waits for ready pods: at first for one, to send batches, which then ends the run; at the
                # end for those that still run a task.
                self._idle_at = time.monotonic() + (0 if self._slot.worker else self._environment.pace['visibility'])
            self._be_ready(time.monotonic() < self._idle_at and not os.path.exists(self._run_ended))
            self._slot.stop(self._status.over)
            self._slot.check_exit()
        if not os.path.exists(self._run_ended):
            lease = self._receive()
            if lease is not None:
                self._take(lease)
            return
        log('the run is over: this pod exits')
        self.outcome = (0, '')

    def _end_run(self, lease):
        """Answers a batch so that the run ends."""
        self._uploads.answer(lease, _outcome(lease.batch), lease.repetition, self._status.why)
        with open(self._run_ended, 'w'):
            pass

    def _receive(self):
        """The lease of a batch that was received now; None without one."""
        received, seconds = self._queue.receive()
        if received is None:
            if self._queue.is_deleted and not self._uploads.unanswered:
                log('the queue was deleted: the run is over')
                self.outcome = (0, '')
            elif seconds:
                self._sleep(seconds)
            return None
        message, receipt = received
        if message is not None:
            return self._leases.add(message, receipt)
        log('deleting a message that is not of this execution')
        self._retry(lambda: self._cloud.delete(receipt), 'deleting a message')
        return None

    def _take(self, lease):
        outcome = self._uploads.outcome_of(lease.token)
        if outcome is not None:
            # SQS delivered it twice: the pending answer answers this one, too.
            self._uploads.answer(lease, outcome, lease.repetition)
            return
        if not self._status.over:
            try:
                # First: without a valid token, there is nothing to do.
                self._retry(lambda: self._cloud.heartbeat(lease.token), 'a heartbeat')
            except Fenced as error:
                log('the task token of batch %d is no longer valid: %s', lease.batch, error.code)
                lease.fenced = True
                self._uploads.answer(lease, _outcome(lease.batch), lease.repetition)
                return
            self._status.poll()
        if self._status.over:
            self._end_run(lease)
            return
        tasks, tables = self._retry(lambda: self._remaining_tasks(lease.message), 'batch %d' % lease.batch)
        with self._slot.changed:
            self._lease = lease
            self._slot.begin(lease.message, lease.receipt, tasks, tables)
            self._run_tasks(lease)
            progress = self._slot.end()
            self._lease = None
            left = progress.remaining()
            if lease.fenced and left and not self._slot.ended:
                self._slot.restart()
            has_failed = self._has_failed()
        exits = has_failed or self._stop_at is not None
        if left and self._status.over and not exits:
            self._end_run(lease)
        elif not left or not exits or lease.fenced or lease.receipt is None:
            outcome = _outcome(lease.batch, progress.count('s'), progress.count('f'), len(left))
            self._uploads.answer(lease, outcome, lease.repetition)
        # Otherwise the message is returned to the queue when the pod exits.

    def _run_tasks(self, lease):
        """Until the batch is complete, its time is over, or it must be left."""
        slot, until = self._slot, time.monotonic() + self._environment.pace['slice']
        while slot.work():
            if lease.fenced and not self._may_finish_task():
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
                # A task was run: a batch that is sent again always has less left.
                slot.cut()
            slot.changed.wait(max(0.0, wait))

    def _may_finish_task(self):
        """Whether the running task of a fenced batch is to end by itself, and its record to be kept.

        A stop of the run fences the batches of all pods, perhaps before this pod knows of the stop. Otherwise another pod
        has the batch.
        """
        if not self._status.over:
            self._slot.changed.release()
            try:
                is_known = self._status.poll(soon=True)
            finally:
                self._slot.changed.acquire()
            if not is_known:
                return True
        return self._status.over is not None

    def _remaining_tasks(self, message):
        """Tasks of the batch that have no record, and how pandas reads their files."""
        batch, environment = message['batch'], self._environment
        start = batch['offset']
        end = start + batch['bytes'] + (1 + batch['tables'] if 'tables' in batch else 0)
        line, _, tables = self._cloud.read(environment.key('batch-tasks.jsonl'), start, end).partition(b'\n')
        tasks = self._names.of_tasks(json.loads(line.decode()))
        ended, attempts = read_completed(self._cloud, environment, message['repetition'], batch['batch'], tasks)
        read = self._names.of_tables(json.loads(tables.decode())) if tables else None
        return without_completed(tasks, ended, attempts), read

    def _retry(self, call, what):
        """Retries until AWS answers. @raises Fenced, Stopped"""
        backoff = Backoff(self._environment.pace)
        while True:
            try:
                return call()
            except Fenced:
                raise
            except CloudError as error:
                log('%s: failed, retrying: %s', what, error)
                self._sleep(backoff.next())

    def _sleep(self, seconds):
        """@raises Stopped"""
        with self._slot.changed:
            until = time.monotonic() + seconds
            while time.monotonic() < until:
                self._check_stop()
                self._slot.changed.wait(max(0.0, until - time.monotonic()))


def _outcome(batch, succeeded=0, failed=0, not_run=0):
    """A batch's outcome, as the state machine gets it (`BatchOutcome`)."""
    return {'batch': batch, 'succeeded': succeeded, 'failed': failed, 'notRun': not_run}
