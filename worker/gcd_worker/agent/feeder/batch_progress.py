"""How far a batch is. A supervisor runs pieces in order, and the tasks of a piece in order.

A task whose attempt failed runs again after the other tasks of its piece.
"""
from collections import deque


class BatchProgress:
    """Progress of the tasks that a batch has left: [index, id, file, column], perhaps with the attempts counted before.

    `answered` counts what the supervisor's child has reported in its life; `ended` has 's' or 'f' by index.
    """

    def __init__(self, tasks, answered=0):
        self.unsent = deque(tasks)
        self.pieces = deque()
        self.answered = answered
        self.ended = {}

    def send(self, count):
        """Makes the next `count` tasks a piece of the supervisor; returns them."""
        piece = [self.unsent.popleft() for _ in range(count)]
        self.pieces.append(deque(piece))
        return piece

    def piece_ended(self):
        """The supervisor has answered its first piece: what is left of the piece was not run."""
        if self.pieces:
            self.unsent.extendleft(reversed(self.pieces.popleft()))

    def child_started(self):
        """The supervisor has another child."""
        self.answered = 0

    def heard(self, kind, index):
        """The supervisor has written a record ('s', 'f') or a failed attempt ('a')."""
        self.answered += 1
        if kind != 'a':
            self.ended[index] = kind
        for piece in self.pieces:
            for task in piece:
                if task[0] == index:
                    piece.remove(task)
                    if kind == 'a':
                        piece.append(task[:4] + [(task[4] if len(task) > 4 else 0) + 1])
                    return

    def remaining(self):
        """The tasks without a record, in order, with the attempts counted against them."""
        return [task for piece in self.pieces for task in piece] + list(self.unsent)

    def current(self):
        """The task that is running, as far as the records tell; None when the supervisor has no task."""
        return next((task for piece in self.pieces for task in piece), None)

    def executing(self, started, finished):
        """The task that a child was in when it died; None if it was in none.

        `started` and `finished` come from the shared memory: they may be ahead of the records.
        """
        if finished >= started or started <= self.answered:
            return None
        ahead = started - self.answered - 1
        tasks = [task for piece in self.pieces for task in piece]
        return tasks[ahead] if ahead < len(tasks) else None

    def count(self, kind):
        """How many tasks have succeeded ('s') or failed ('f')."""
        return sum(1 for each in self.ended.values() if each == kind)
