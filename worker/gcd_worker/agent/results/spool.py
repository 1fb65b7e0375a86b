"""Parts on the pod's disk, until they are uploaded: a container that is killed loses no record.

A part is a file `<repetition>~<name>.jsonl`. Its first line is the event of the worker that wrote it.
"""
import os
import threading
import time

from ...runtime.files import write_atomically
from .output_uploads import FILES_KEY, bytes_in

MAX_PART_BYTES = 8 << 20


class Spool:
    """`take` adds what the supervisor writes; `next_part` and `uploaded` are for the upload."""

    def __init__(self, folder, suffix, max_age, room=None):
        """`suffix` follows the batch's number in each part's name: execution and pod.

        `max_age`: seconds of work after which a part is closed; no record waits longer. `room`: bytes for output files of
        tasks; a part that names half of that is closed, too.
        """
        self._room = room
        self._files = 0
        self._max_age = max_age
        self._work_since = time.monotonic()
        self._folder = folder
        self._suffix = suffix
        self._lock = threading.Condition()
        self._worker = b''
        self._batch = None
        self._descriptor = -1
        self._name = None
        self._size = 0
        self._opened = 0
        os.makedirs(folder, exist_ok=True)
        self._numbers = os.path.join(folder, 'numbers')
        self._ready = [name for name in sorted(os.listdir(folder)) if name.endswith('.jsonl')]
        self._left = list(self._ready)

    def left_over(self):
        """Paths of the parts that the container before this one has left, without a torn last line."""
        paths = [os.path.join(self._folder, name) for name in self._left]
        for path in paths:
            with open(path, 'rb+') as file:
                file.truncate(file.read().rfind(b'\n') + 1)
        return paths

    def number(self):
        """A number that no part of this pod has."""
        try:
            with open(self._numbers) as file:
                last = int(file.read() or 0)
        except FileNotFoundError:
            last = 0
        write_atomically(self._numbers, b'%d' % (last + 1))
        return last + 1

    def name(self, repetition, batch, number):
        """The file name of a part."""
        return '%d~%d-%s-%d.jsonl' % (repetition, batch, self._suffix, number)

    def begin(self, repetition, batch):
        """Lines that follow are of this batch."""
        with self._lock:
            self._rotate()
            self._batch = (repetition, batch)
            self._work_since = time.monotonic()

    def worker(self, line):
        """Another child writes the lines that follow."""
        with self._lock:
            self._worker = line + b'\n'
            if self._descriptor >= 0:
                self._write(self._worker)

    def take(self, lines):
        """Adds complete lines of the current batch."""
        with self._lock:
            if self._batch is None:
                return
            if self._descriptor < 0:
                self._name = self.name(*self._batch, self.number())
                flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
                self._descriptor = os.open(os.path.join(self._folder, self._name), flags, 0o600)
                self._size = self._files = 0
                self._opened = time.monotonic()
                self._write(self._worker)
            self._write(lines)
            # A lost node costs the work of one open part, or one task if that is longer.
            self._files += bytes_in(lines.split(b'\n')) if FILES_KEY in lines else 0
            is_large = self._size >= MAX_PART_BYTES or self._room is not None and self._files >= self._room // 2
            if is_large or time.monotonic() - self._work_since >= self._max_age:
                self._rotate()

    def add(self, name, lines):
        """Adds a complete part, replacing an earlier one of this name."""
        write_atomically(os.path.join(self._folder, name), lines)
        with self._lock:
            if name not in self._ready:
                self._ready.append(name)
            self._lock.notify_all()

    def rotate(self):
        """Closes the open part, so that it is uploaded."""
        with self._lock:
            self._rotate()

    def rotate_old(self):
        """Closes the open part if its first record has waited for `max_age`."""
        with self._lock:
            if self._descriptor >= 0 and time.monotonic() - self._opened >= self._max_age:
                self._rotate()

    def waiting(self, repetition, batch):
        """Whether parts of this batch are not uploaded yet."""
        prefix = '%d~%d-' % (repetition, batch)
        with self._lock:
            names = self._ready + ([self._name] if self._descriptor >= 0 else [])
            return any(name.startswith(prefix) for name in names)

    def pending(self):
        """Whether any part is not uploaded yet."""
        with self._lock:
            return bool(self._ready) or self._descriptor >= 0

    def next_part(self, seconds):
        """(key below parts/, path) of the oldest closed part, waiting for it for so many seconds; None without one."""
        with self._lock:
            if not self._ready:
                self._lock.wait(seconds)
            if not self._ready:
                return None
            name = self._ready[0]
        return name.replace('~', '/', 1), os.path.join(self._folder, name)

    def uploaded(self, path):
        """Deletes a part that is in the bucket."""
        name = os.path.basename(path)
        # First from the disk: a crash then repeats an upload and loses nothing.
        os.remove(path)
        with self._lock:
            self._ready.remove(name)
            self._lock.notify_all()

    def _rotate(self):
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
            self._work_since = time.monotonic()
            self._ready.append(self._name)
            self._lock.notify_all()

    def _write(self, data):
        self._size += len(data)
        while data:
            data = data[os.write(self._descriptor, data) :]
