"""The batch in work, noted on the pod's disk.

A container that starts after one that was killed learns from it which task was running.
"""
import json
import os

from ...protocol.shared_memory import FINISHED, STARTED, read_shared_memory
from ...runtime.files import write_atomically
from .batch_progress import BatchProgress


class Journal:
    """Of one batch at a time. First line: the batch. Other lines: what was sent, and what the supervisor reported."""

    def __init__(self, folder):
        self._path = os.path.join(folder, 'journal')
        self.shared_memory = os.path.join(folder, 'shared-memory')
        self._file = None

    def begin(self, **batch):
        """Starts with a batch: receipt, repetition, batch, tasks, answered, lost_attempt_part, worker."""
        self._close()
        write_atomically(self._path, json.dumps(batch).encode() + b'\n')
        self._file = open(self._path, 'ab', 0)

    def sent(self, count):
        """A piece of so many tasks is about to be sent."""
        self._note('p%d' % count)

    def heard(self, marks):
        """What the supervisor has written: `s12`, `f12`, `a12` for a line of task 12; `w` another child, `e` a piece's end."""
        if marks:
            self._note('\n'.join(marks))

    def end(self):
        """No batch is in work."""
        self._close()
        try:
            os.remove(self._path)
        except FileNotFoundError:
            pass

    def read(self):
        """(batch, BatchProgress) of the container before this one; None if it had no batch."""
        try:
            with open(self._path, 'rb') as file:
                first, *marks = file.read().split(b'\n')[:-1]
        except (FileNotFoundError, ValueError):
            return None
        batch = json.loads(first.decode())
        progress = BatchProgress(batch['tasks'], batch['answered'])
        for mark in marks:
            _replay(progress, mark.decode())
        return batch, progress

    def executing(self, progress):
        """The task that the supervisor's child was in when it died; None if it was in none."""
        integers = read_shared_memory(self.shared_memory)
        return integers and progress.executing(integers[STARTED], integers[FINISHED])

    def forget_execution(self):
        """A supervisor that dies before its child is ready was in no task."""
        try:
            os.remove(self.shared_memory)
        except FileNotFoundError:
            pass

    def _note(self, text):
        if self._file is not None:
            self._file.write(text.encode() + b'\n')

    def _close(self):
        if self._file is not None:
            self._file.close()
            self._file = None


def _replay(progress, mark):
    kind, number = mark[:1], mark[1:]
    if kind == 'p':
        progress.send(int(number))
    elif kind == 'w':
        progress.child_started()
    elif kind == 'e':
        progress.piece_ended()
    elif kind in 'sfa':
        progress.heard(kind, int(number))
