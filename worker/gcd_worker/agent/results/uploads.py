"""Brings parts to the bucket, and answers batches when all of theirs are there."""
import threading
import time

from ..backoff import Backoff
from ..cloud import CloudError, Fenced
from ..log import log

TICK = 1.0


class Uploads:
    """Three threads: what cannot be written now keeps nobody from working."""

    def __init__(self, cloud, environment, spool, outputs, leases, on_answered):
        self._cloud, self._environment, self._leases = cloud, environment, leases
        self._spool, self._outputs = spool, outputs
        self._on_answered = on_answered
        self._lock = threading.Condition()
        self._answers = []
        for work in (self._upload, self._flush, self._reply):
            threading.Thread(target=work, daemon=True).start()

    def answer(self, lease, outcome, repetition, why=None):
        """The batch is through: says so when its parts are in the bucket. `why`: the run is over, and not just the batch."""
        with self._lock:
            self._answers.append((lease, outcome, repetition, why))
            self._lock.notify_all()

    def outcome_of(self, token):
        """What is about to be answered to a token; None: nothing."""
        with self._lock:
            return next((outcome for lease, outcome, *_ in self._answers if lease.token == token), None)

    @property
    def unanswered(self):
        """Batches whose answer is under way."""
        with self._lock:
            return len(self._answers)

    def settle(self, goes_on):
        """Waits till everything is in the bucket and answered, or `goes_on()`, which waits a moment, says no."""
        self._spool.rotate()
        while (self.unanswered or self._spool.pending()) and goes_on():
            pass

    def _flush(self):
        while True:
            time.sleep(min(TICK, self._environment.pace['flush']))
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
                log('a part could not be written, trying again in %.0f s: %s', pause, error)
                time.sleep(pause)
                continue
            self._spool.uploaded(path)
            free()
            backoff.begin()
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
                    log('batch %d could not be answered, trying again: %s', each[1]['batch'], error)
                    time.sleep(pause)
                    continue
                backoff.begin()
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
            log('batch %d was answered by somebody else: %s', outcome['batch'], error.code)
        lease.fenced = True
        self._leases.forget(lease)
        self._leases.drop(lease)
