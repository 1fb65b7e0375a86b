"""Brings parts to the bucket, and answers batches when all of theirs are there."""
import threading
import time

from ..backoff import Pauses
from ..cloud import Fenced, Trouble
from ..log import say

TICK = 1.0


class Uploads:
    """Three threads: what cannot be written now keeps nobody from working."""

    def __init__(self, cloud, environment, spool, outputs, holds, on_answered):
        self._cloud, self._environment, self._holds = cloud, environment, holds
        self._spool, self._outputs = spool, outputs
        self._on_answered = on_answered
        self._lock = threading.Condition()
        self._answers = []
        for work in (self._upload, self._flush, self._reply):
            threading.Thread(target=work, daemon=True).start()

    def answer(self, hold, outcome, repetition, why=None):
        """The batch is through: says so when its parts are in the bucket. `why`: the run is over, and not just the batch."""
        with self._lock:
            self._answers.append((hold, outcome, repetition, why))
            self._lock.notify_all()

    def outcome_of(self, token):
        """What is about to be answered to a token; None: nothing."""
        with self._lock:
            return next((outcome for hold, outcome, *_ in self._answers if hold.token == token), None)

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
        pauses = Pauses(self._environment.pace)
        while True:
            part = self._spool.next_part(1)
            if part is None:
                continue
            name, path = part
            try:
                free = self._outputs.bring(name, path)
            except Trouble as trouble:
                pause = pauses.next()
                say('a part could not be written, trying again in %.0f s: %s', pause, trouble)
                time.sleep(pause)
                continue
            self._spool.uploaded(path)
            free()
            pauses.begin()
            with self._lock:
                self._lock.notify_all()

    def _reply(self):
        pauses = Pauses(self._environment.pace)
        while True:
            with self._lock:
                ready = [each for each in self._answers if not self._spool.waiting(each[2], each[1]['batch'])]
                if not ready:
                    self._lock.wait(1 if self._answers else None)
                    continue
            for each in ready:
                try:
                    self._reply_to(each[0], each[1], each[3])
                except Trouble as trouble:
                    pause = pauses.next()
                    say('batch %d could not be answered, trying again: %s', each[1]['batch'], trouble)
                    time.sleep(pause)
                    continue
                pauses.begin()
                with self._lock:
                    self._answers.remove(each)
                self._on_answered()

    def _reply_to(self, hold, outcome, why):
        try:
            if not hold.fenced and why is None:
                self._cloud.succeed(hold.token, outcome)
            elif not hold.fenced:
                self._cloud.stop(hold.token, why)
        except Fenced as trouble:
            say('batch %d was answered by somebody else: %s', outcome['batch'], trouble.code)
        hold.fenced = True
        self._holds.forget(hold)
        self._holds.drop(hold)
