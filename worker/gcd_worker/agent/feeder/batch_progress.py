"""How far a batch is, from what the supervisor writes: it works pieces off in their order, and a piece's tasks in theirs.

A task whose attempt failed comes again after the others of its piece.
"""
from collections import deque


class BatchProgress:
    """Of the tasks that a batch has left when it begins: [index, id, file, column] and perhaps attempts counted before.

    `answered` counts what the supervisor's child has reported in its life; `ended` has 's' or 'f' by index.
    """

    def __init__(self, tasks, answered=0):
        self.unsent = deque(tasks)
        self.pieces = deque()
        self.answered = answered
        self.ended = {}

    def send(self, count):
        """The next tasks go to the supervisor as one piece; they are returned."""
        piece = [self.unsent.popleft() for _ in range(count)]
        self.pieces.append(deque(piece))
        return piece

    def piece_ended(self):
        """The supervisor has answered its first piece: what is left of it was not run."""
        if self.pieces:
            self.unsent.extendleft(reversed(self.pieces.popleft()))

    def worker(self):
        """Another child has begun."""
        self.answered = 0

    def heard(self, kind, index):
        """A record or a failed attempt."""
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
        """Tasks that have no record, in their order, with the attempts counted against them."""
        return [task for piece in self.pieces for task in piece] + list(self.unsent)

    def current(self):
        """The task that is worked on, unless the supervisor has nothing."""
        return next((task for piece in self.pieces for task in piece), None)

    def executing(self, started, finished):
        """The task that a child was in when it died; None if it was in none.

        `started` and `finished` are what it says of itself (shared_memory.py): they may be ahead of what it has reported.
        """
        if finished >= started or started <= self.answered:
            return None
        ahead = started - self.answered - 1
        tasks = [task for piece in self.pieces for task in piece]
        return tasks[ahead] if ahead < len(tasks) else None

    def count(self, kind):
        """How many tasks have succeeded ('s') or failed ('f')."""
        return sum(1 for each in self.ended.values() if each == kind)
