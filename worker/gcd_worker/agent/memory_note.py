"""The memory in use, noted on the pod's disk: it tells the next container why this one was killed."""
import json
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
        """(bytes that were noted last, whether the kernel has killed a process of this machine for memory since then)."""
        try:
            with open(self._path) as file:
                note = json.load(file)
            kills = memory.machine_kills()
            is_same_boot = note['boot'] == memory.boot_id() is not None
            return note['bytes'], is_same_boot and kills is not None and kills > note['kills']
        except (OSError, ValueError, KeyError, TypeError):
            return 0, False

    def start(self):
        """Starts the thread."""
        threading.Thread(target=self._work, daemon=True).start()

    def _work(self):
        last = None
        boot = memory.boot_id()
        while True:
            note = {'bytes': memory.in_use(os.getpid(), self._limit), 'kills': memory.machine_kills(), 'boot': boot}
            if note != last:
                write_atomically(self._path, json.dumps(note).encode())
                last = note
            time.sleep(INTERVAL)
