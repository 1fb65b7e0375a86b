"""Cuts what is left of a batch into pieces whose data files are on this disk."""
from collections import OrderedDict

MOST_FILES = 32
MOST_TASKS = 500


class Dispatcher:
    """Of one batch. Pieces are answered in the order in which they were sent."""

    def __init__(self, data):
        self._data = data
        self._held = []

    def want(self, course):
        """The files of what is to be sent next are fetched, those of others are not."""
        self._data.want(task[2] for task in course.unsent)

    def next(self, course):
        """How many tasks can be sent as a piece now, and what the supervisor is told of their files; 0: none yet."""
        files, count, told = OrderedDict(), 0, {}
        for task in course.unsent:
            file = task[2]
            if file not in files:
                found = self._data.take(file) if len(files) < MOST_FILES else None
                if found is None:
                    break
                files[file] = found
                if found.get('path') != '%s/%s' % (self._data.root, file):
                    told[file] = found
            count += 1
            if count == MOST_TASKS:
                break
        if count:
            self._held.append([file for file, found in files.items() if 'path' in found])
        return count, told

    def answered(self):
        """The first piece is through."""
        for file in self._held.pop(0) if self._held else ():
            self._data.give(file)

    def end(self):
        """Nothing of the batch is needed any more."""
        self._data.want(())
        while self._held:
            self.answered()
