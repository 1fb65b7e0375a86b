"""Messages that the pod has received: hidden from other pods, and their task tokens kept alive, until they are answered."""
import threading
import time

from .cloud import CloudError, Fenced, NotFound
from .log import log

RETRY_SECONDS = 5
NEVER = 1 << 30


class Lease:
    """One message. `fenced`: its task token is no longer valid, so the batch is over or another pod's.

    `receipt` is None once the message is deleted: then the task token alone holds the batch, and when this pod dies, the
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
    """Renews leases in a thread of its own, whatever other threads wait for."""

    def __init__(self, cloud, pace, on_fenced):
        self._cloud, self._pace, self._on_fenced = cloud, pace, on_fenced
        self._lock = threading.Condition()
        self._leases = []
        threading.Thread(target=self._work, daemon=True).start()

    def add(self, message, receipt):
        """Starts the lease of a message; returns it."""
        lease = Lease(message, receipt, time.monotonic(), self._pace)
        with self._lock:
            self._leases.append(lease)
            self._lock.notify_all()
        return lease

    def drop(self, lease):
        """Stops renewing: the message is answered."""
        with self._lock:
            if lease in self._leases:
                self._leases.remove(lease)

    def delete(self, lease):
        """Deletes the message from the queue. @raises CloudError"""
        if lease.receipt is not None:
            try:
                self._cloud.delete(lease.receipt)
            except NotFound:
                pass
            lease.receipt = None

    def release(self):
        """Returns all messages to the queue, so that other pods receive them at once."""
        with self._lock:
            leases, self._leases = self._leases, []
        for lease in leases:
            try:
                if lease.receipt is not None:
                    self._cloud.renew(lease.receipt, 0)
            except CloudError as error:
                log('a message could not be returned to the queue; it becomes visible by itself: %s', error)

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
        """Hides the message for another while; seconds until the next time."""
        try:
            if time.monotonic() >= lease.keep_until:
                log('a batch takes so long that SQS would show its message again: deleting it, the task token remains')
                self.delete(lease)
            receipt = lease.receipt
            if receipt is None:
                return NEVER
            self._cloud.renew(receipt, self._pace['visibility'])
        except NotFound as error:
            # Another pod may have received it. The task token tells which pod is late.
            log('a message is no longer leased: %s', error)
        except CloudError as error:
            log('a message could not be renewed, retrying: %s', error)
            return min(RETRY_SECONDS, self._pace['renew'])
        return self._pace['renew']

    def _heartbeat(self, lease):
        """Sends a heartbeat; seconds until the next one."""
        try:
            self._cloud.heartbeat(lease.token)
        except Fenced as error:
            log("the task token of a batch is no longer valid: %s", error.code)
            lease.fenced = True
            self._on_fenced()
        except CloudError as error:
            log('a heartbeat could not be sent, retrying: %s', error)
            return min(RETRY_SECONDS, self._pace['heartbeat'])
        return self._pace['heartbeat']
