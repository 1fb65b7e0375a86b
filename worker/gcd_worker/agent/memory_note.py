"""The memory in use, noted on the pod's disk: it tells the next container why this one was killed."""
import os
import threading
import time

from ..runtime import memory
from ..runtime.files import write_atomically

INTERVAL = 0.5
UNLIMITED = 1 << 62


class MemoryNote:
    """Notes it in a thread of its own."""

    def __init__(self, path, limit):
        """`limit`: bytes that the container may use, or None. Near it, memory is measured exactly."""
        self._path, self._limit = path, limit or UNLIMITED

    def last(self):
        """Bytes that were noted last; 0 if none were."""
        try:
            with open(self._path) as file:
                return int(file.read())
        except (OSError, ValueError):
            return 0

    def start(self):
        """Starts the thread."""
        threading.Thread(target=self._work, daemon=True).start()

    def _work(self):
        last = -1
        while True:
            used = memory.in_use(os.getpid(), self._limit)
            if used != last:
                write_atomically(self._path, b'%d' % used)
                last = used
            time.sleep(INTERVAL)
