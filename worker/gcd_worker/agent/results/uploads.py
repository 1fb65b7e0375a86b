"""Uploads parts, and answers a batch when all its parts are in the bucket."""
import threading
import time

from ..backoff import Backoff
from ..cloud import CloudError, Fenced
from ..log import log

FLUSH_CHECK_SECONDS = 1.0


class Uploads:
    """Three threads, so that a failing upload does not delay tasks."""

    def __init__(self, cloud, environment, spool, outputs, leases, on_answered):
        self._cloud, self._environment, self._leases = cloud, environment, leases
        self._spool, self._outputs = spool, outputs
        self._on_answered = on_answered
        self._lock = threading.Condition()
        self._answers = []
        for work in (self._upload, self._flush, self._reply):
            threading.Thread(target=work, daemon=True).start()

    def answer(self, lease, outcome, repetition, why=None):
        """Answers the batch once its parts are in the bucket. `why`: the reason to end the run, None if only the batch ends."""
        with self._lock:
            self._answers.append((lease, outcome, repetition, why))
            self._lock.notify_all()

    def outcome_of(self, token):
        """The pending answer to a task token; None without one."""
        with self._lock:
            return next((outcome for lease, outcome, *_ in self._answers if lease.token == token), None)

    @property
    def unanswered(self):
        """Number of batches whose answer is pending."""
        with self._lock:
            return len(self._answers)

    def settle(self, goes_on):
        """Waits until all is uploaded and answered, or `goes_on()`, which waits a moment, returns False."""
        self._spool.rotate()
        while (self.unanswered or self._spool.pending()) and goes_on():
            pass

    def _flush(self):
        while True:
            time.sleep(min(FLUSH_CHECK_SECONDS, self._environment.pace['flush']))
            self._spool.rotate_old()

    def _upload(self):
        backoff = Backoff(self._environment.pace)
        while True:
            part = self._spool.next_part(1)
            if part is None:
                continue
            name, path = part
            try:
                free = self._outputs.upload(name, path)
            except CloudError as error:
                pause = backoff.next()
                log('a part could not be uploaded, retrying in %.0f s: %s', pause, error)
                time.sleep(pause)
                continue
            self._spool.uploaded(path)
            free()
            backoff.reset()
            with self._lock:
                self._lock.notify_all()

    def _reply(self):
        backoff = Backoff(self._environment.pace)
        while True:
            with self._lock:
                ready = [each for each in self._answers if not self._spool.waiting(each[2], each[1]['batch'])]
                if not ready:
                    self._lock.wait(1 if self._answers else None)
                    continue
            for each in ready:
                try:
                    self._reply_to(each[0], each[1], each[3])
                except CloudError as error:
                    pause = backoff.next()
                    log('batch %d could not be answered, retrying: %s', each[1]['batch'], error)
                    time.sleep(pause)
                    continue
                backoff.reset()
                with self._lock:
                    self._answers.remove(each)
                self._on_answered()

    def _reply_to(self, lease, outcome, why):
        try:
            if not lease.fenced and why is None:
                self._cloud.succeed(lease.token, outcome)
            elif not lease.fenced:
                self._cloud.stop(lease.token, why)
        except Fenced as error:
            log('the task token of batch %d is no longer valid: %s', outcome['batch'], error.code)
        lease.fenced = True
        self._leases.delete(lease)
        self._leases.drop(lease)
