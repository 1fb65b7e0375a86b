"""Messages that the pod has: kept from others, and their tokens kept alive, till they are answered."""
import threading
import time

from .cloud import Fenced, Missing, Trouble
from .log import say

RETRY = 5
NEVER = 1 << 30


class Hold:
    """A message in hand. `fenced`: its token is of no use any more, so the batch is nobody's or another's.

    `receipt` is None once the message is removed: then the batch is held by its token alone, and when this pod dies, the
    state machine misses its heartbeats.
    """

    def __init__(self, message, receipt, now, pace):
        self.message = message
        self.batch, self.repetition = message['batch']['batch'], message['repetition']
        self.token = message['taskToken']
        self.receipt = receipt
        self.fenced = False
        self.keep_until = now + pace['keep']
        self.renew_at = now + pace['renew']
        self.beat_at = now + pace['heartbeat']


class Leases:
    """Does it in a thread of its own, whatever else hangs."""

    def __init__(self, cloud, pace, on_fenced):
        self._cloud, self._pace, self._on_fenced = cloud, pace, on_fenced
        self._lock = threading.Condition()
        self._holds = []
        threading.Thread(target=self._work, daemon=True).start()

    def add(self, message, receipt):
        """Begins to hold a message."""
        hold = Hold(message, receipt, time.monotonic(), self._pace)
        with self._lock:
            self._holds.append(hold)
            self._lock.notify_all()
        return hold

    def drop(self, hold):
        """It is answered, or nobody's affair any more."""
        with self._lock:
            if hold in self._holds:
                self._holds.remove(hold)

    def forget(self, hold):
        """Removes a message from the queue. @raises Trouble"""
        if hold.receipt is not None:
            try:
                self._cloud.delete(hold.receipt)
            except Missing:
                pass
            hold.receipt = None

    def release(self):
        """Gives all messages back, so that others take them at once."""
        with self._lock:
            holds, self._holds = self._holds, []
        for hold in holds:
            try:
                if hold.receipt is not None:
                    self._cloud.renew(hold.receipt, 0)
            except Trouble as trouble:
                say('a message could not be given back; it comes back by itself: %s', trouble)

    def _work(self):
        while True:
            with self._lock:
                due = [min(hold.renew_at, hold.beat_at) for hold in self._holds if not hold.fenced]
                self._lock.wait(max(0.0, min(due) - time.monotonic()) if due else None)
                holds = [hold for hold in self._holds if not hold.fenced]
            for hold in holds:
                now = time.monotonic()
                if now >= hold.renew_at:
                    hold.renew_at = time.monotonic() + self._renew(hold)
                if now >= hold.beat_at:
                    hold.beat_at = time.monotonic() + self._beat(hold)

    def _renew(self, hold):
        """Seconds till the next time."""
        try:
            if time.monotonic() >= hold.keep_until:
                say('a batch takes so long that its message goes: its token is enough')
                self.forget(hold)
            receipt = hold.receipt
            if receipt is None:
                return NEVER
            self._cloud.renew(receipt, self._pace['visibility'])
        except Missing as trouble:
            # Somebody else may have it now. Who of us is late, the token will tell.
            say('a message is not held any more: %s', trouble)
        except Trouble as trouble:
            say('a message could not be renewed, trying again: %s', trouble)
            return min(RETRY, self._pace['renew'])
        return self._pace['renew']

    def _beat(self, hold):
        try:
            self._cloud.heartbeat(hold.token)
        except Fenced as trouble:
            say('a batch is not wanted from this pod any more: %s', trouble.code)
            hold.fenced = True
            self._on_fenced()
        except Trouble as trouble:
            say('a heartbeat could not be sent, trying again: %s', trouble)
            return min(RETRY, self._pace['heartbeat'])
        return self._pace['heartbeat']
