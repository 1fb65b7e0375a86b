"""Messages that the pod has: kept from others, and their tokens kept alive, till they are answered."""
import threading
import time

from .cloud import CloudError, Fenced, NotFound
from .log import log

RETRY = 5
NEVER = 1 << 30


class Lease:
    """A message in consumer. `fenced`: its token is of no use any more, so the batch is nobody's or another's.

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
        self.heartbeat_at = now + pace['heartbeat']


class Leases:
    """Does it in a thread of its own, whatever else hangs."""

    def __init__(self, cloud, pace, on_fenced):
        self._cloud, self._pace, self._on_fenced = cloud, pace, on_fenced
        self._lock = threading.Condition()
        self._leases = []
        threading.Thread(target=self._work, daemon=True).start()

    def add(self, message, receipt):
        """Begins to lease a message."""
        lease = Lease(message, receipt, time.monotonic(), self._pace)
        with self._lock:
            self._leases.append(lease)
            self._lock.notify_all()
        return lease

    def drop(self, lease):
        """It is answered, or nobody's affair any more."""
        with self._lock:
            if lease in self._leases:
                self._leases.remove(lease)

    def forget(self, lease):
        """Removes a message from the queue. @raises CloudError"""
        if lease.receipt is not None:
            try:
                self._cloud.delete(lease.receipt)
            except NotFound:
                pass
            lease.receipt = None

    def release(self):
        """Gives all messages back, so that others take them at once."""
        with self._lock:
            leases, self._leases = self._leases, []
        for lease in leases:
            try:
                if lease.receipt is not None:
                    self._cloud.renew(lease.receipt, 0)
            except CloudError as error:
                log('a message could not be given back; it comes back by itself: %s', error)

    def _work(self):
        while True:
            with self._lock:
                due = [min(lease.renew_at, lease.heartbeat_at) for lease in self._leases if not lease.fenced]
                self._lock.wait(max(0.0, min(due) - time.monotonic()) if due else None)
                leases = [lease for lease in self._leases if not lease.fenced]
            for lease in leases:
                now = time.monotonic()
                if now >= lease.renew_at:
                    lease.renew_at = time.monotonic() + self._renew(lease)
                if now >= lease.heartbeat_at:
                    lease.heartbeat_at = time.monotonic() + self._heartbeat(lease)

    def _renew(self, lease):
        """Seconds till the next time."""
        try:
            if time.monotonic() >= lease.keep_until:
                log('a batch takes so long that its message goes: its token is enough')
                self.forget(lease)
            receipt = lease.receipt
            if receipt is None:
                return NEVER
            self._cloud.renew(receipt, self._pace['visibility'])
        except NotFound as error:
            # Somebody else may have it now. Who of us is late, the token will tell.
            log('a message is not held any more: %s', error)
        except CloudError as error:
            log('a message could not be renewed, trying again: %s', error)
            return min(RETRY, self._pace['renew'])
        return self._pace['renew']

    def _heartbeat(self, lease):
        try:
            self._cloud.heartbeat(lease.token)
        except Fenced as error:
            log('a batch is not wanted from this pod any more: %s', error.code)
            lease.fenced = True
            self._on_fenced()
        except CloudError as error:
            log('a heartbeat could not be sent, trying again: %s', error)
            return min(RETRY, self._pace['heartbeat'])
        return self._pace['heartbeat']
