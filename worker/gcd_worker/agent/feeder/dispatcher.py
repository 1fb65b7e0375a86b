"""Cuts what is left of a batch into pieces whose data files are on this disk."""
from collections import OrderedDict

MAX_FILES = 32
MAX_TASKS = 500


class Dispatcher:
    """Of one batch. The supervisor answers pieces in the order in which they were sent."""

    def __init__(self, data):
        self._data = data
        # Files of each piece that was sent and not answered.
        self._taken = []

    def prefetch(self, progress):
        """Fetches the files of the tasks that are not sent yet, and no others."""
        self._data.want(task[2] for task in progress.unsent)

    def next(self, progress):
        """(number of tasks that can be sent as a piece now, `data` of the order); (0, {}) when files are missing."""
        files, count, data = OrderedDict(), 0, {}
        for task in progress.unsent:
            file = task[2]
            if file not in files:
                found = self._data.take(file) if len(files) < MAX_FILES else None
                if found is None:
                    break
                files[file] = found
                if found.get('path') != '%s/%s' % (self._data.root, file):
                    data[file] = found
            count += 1
            if count == MAX_TASKS:
                break
        if count:
            self._taken.append([file for file, found in files.items() if 'path' in found])
        return count, data

    def piece_ended(self):
        """The supervisor has answered its first piece."""
        for file in self._taken.pop(0) if self._taken else ():
            self._data.release(file)

    def end(self):
        """No file of the batch is needed any more."""
        self._data.want(())
        while self._taken:
            self.piece_ended()
