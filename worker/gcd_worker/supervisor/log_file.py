"""A log file with rotation: one earlier file is kept."""
import os
import sys

# Bytes of one file. A worker has at most two.
MAX_BYTES = 16 * 1024 * 1024


class LogFile:
    """The file is created with its first line. After an error, nothing is written any more: tasks go on without it."""

    def __init__(self, path):
        self._path = path
        self._descriptor = -1
        self._size = 0
        self.given_up = path is None

    def append(self, lines):
        """Appends lines of bytes."""
        if self.given_up:
            return
        try:
            if self._descriptor < 0:
                self._open()
            block, size = [], self._size
            for line in lines:
                if size and size + len(line) > MAX_BYTES:
                    self._put(b''.join(block))
                    self._rotate()
                    block, size = [], 0
                block.append(line)
                size += len(line)
            self._put(b''.join(block))
        except OSError as error:
            self.given_up = True
            self._close()
            sys.stderr.write('gcd-worker: the log of what tasks print cannot be written any more: %s\n' % error)

    def _open(self):
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC
        try:
            self._descriptor = os.open(self._path, flags, 0o666)
        except FileNotFoundError:
            # Only its folder: without the folder above it, the run was deleted.
            try:
                os.mkdir(os.path.dirname(self._path))
            except FileExistsError:
                pass
            self._descriptor = os.open(self._path, flags, 0o666)
        self._size = os.fstat(self._descriptor).st_size
        # The process before may have been killed within a line.
        if self._size and os.pread(self._descriptor, 1, self._size - 1) != b'\n':
            self._put(b'\n')

    def _rotate(self):
        self._close()
        stem, extension = os.path.splitext(self._path)
        os.replace(self._path, stem + '.1' + extension)
        self._open()

    def _put(self, data):
        self._size += len(data)
        while data:
            data = data[os.write(self._descriptor, data) :]

    def _close(self):
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
