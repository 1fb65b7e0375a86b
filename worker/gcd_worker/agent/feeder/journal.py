"""What the pod has in hand, on its disk: a container that comes after one that was killed knows which task to strike."""
import json
import os
import time

from ...protocol.messages import Failure, attempt_event, failed_record
from ...protocol.records import head_of
from ...protocol.shared_memory import FINISHED, STARTED, read_page
from ...runtime.files import write_atomically
from .batch_progress import BatchProgress


class Journal:
    """Of one batch at a time. Lines: the batch, then what was sent of it and what has ended."""

    def __init__(self, folder):
        self._path = os.path.join(folder, 'journal')
        self.page = os.path.join(folder, 'page')
        self._file = None

    def begin(self, **batch):
        """A batch, or what is left of one, is begun: message, receipt, repetition, batch, tasks, strike, answered."""
        self._close()
        write_atomically(self._path, json.dumps(batch).encode() + b'\n')
        self._file = open(self._path, 'ab', 0)

    def sent(self, count):
        """So many tasks have gone to the supervisor as one piece."""
        self._note('p%d' % count)

    def heard(self, marks):
        """`s12` and the like for each line of a record; `w` for another child, `e` for the end of a piece."""
        if marks:
            self._note('\n'.join(marks))

    def end(self):
        """Nothing is in hand."""
        self._close()
        try:
            os.remove(self._path)
        except FileNotFoundError:
            pass

    def read(self):
        """What a container before this one had in hand, and its BatchProgress; None: nothing."""
        try:
            with open(self._path, 'rb') as file:
                first, *marks = file.read().split(b'\n')[:-1]
        except (FileNotFoundError, ValueError):
            return None
        batch = json.loads(first.decode())
        course = BatchProgress(batch['tasks'], batch['answered'])
        for mark in marks:
            follow(course, mark.decode())
        return batch, course

    def executing(self, course):
        """The task that the child was in when it died; None if it was in none."""
        integers = read_page(self.page)
        return integers and course.executing(integers[STARTED], integers[FINISHED])

    def _note(self, text):
        if self._file is not None:
            self._file.write(text.encode() + b'\n')

    def _close(self):
        if self._file is not None:
            self._file.close()
            self._file = None


def follow(course, mark):
    """Takes one of a journal's marks."""
    kind, number = mark[:1], mark[1:]
    if kind == 'p':
        course.send(int(number))
    elif kind == 'w':
        course.worker()
    elif kind == 'e':
        course.piece_ended()
    elif kind in 'sfa':
        course.heard(kind, int(number))


def marks_in(paths):
    """(kind, index) of each line in these parts."""
    for path in paths:
        with open(path, 'rb') as file:
            for line in file:
                head = head_of(line.rstrip(b'\n'))
                if head:
                    yield head


def strike(task, max_attempts, kind, type_name, message, memory=0):
    """The line that counts an attempt against a task; and whether it is the task's last."""
    index, name, _, _, *before = task
    attempt = before[0] + 1 if before else 1
    failure = Failure(kind, type_name, message)
    if attempt < max_attempts:
        return attempt_event(index, name, attempt, failure), False
    now = time.time()
    return failed_record(index, name, attempt, now, now, 0, memory, failure), True
