"""What a batch says of its data files: where they lie, and how pandas reads them."""
import os
import stat

from ..protocol.messages import Failure


class DataPaths:
    """Paths of data files: below `root`, or as the batch says. Without a root, tasks get no path."""

    def __init__(self, root):
        self.root = root
        self._seen = None
        self._path = None
        self._data = {}

    def begin(self, data):
        """A batch begins; `data` is that of its order (PROTOCOL.md), or None."""
        if data is not None:
            self._data = data
            # The file may have been downloaded again.
            self._seen = None

    def path(self, file):
        """The file's path, checked once for consecutive tasks of the same file; raises Failure (no-data)."""
        if file != self._seen:
            self._seen = None
            path = self._locate(file)
            self._check(path, file)
            self._seen, self._path = file, path
        return self._path

    def _locate(self, file):
        found = self._data.get(file) or {}
        if 'error' in found:
            raise Failure(
                'no-data', found['error'], 'The data file %s could not be fetched: %s' % (file, found['message'])
            )
        return found.get('path') or os.path.join(self.root, file)

    def lost(self, error):
        """The Failure (no-data) if the error says that the file no longer exists; else None."""
        if self._seen is None or not isinstance(error, OSError) or not self._is_about_it(error):
            return None
        file, self._seen = self._seen, None
        try:
            self._check(self._path, file)
        except Failure as failure:
            return failure
        return None

    def _is_about_it(self, error):
        try:
            return os.path.abspath(os.fspath(error.filename)) == os.path.abspath(self._path)
        except BaseException:
            # The error has no file name, or one that is no path.
            return False

    def _check(self, path, file):
        try:
            found = os.stat(path)
        except (OSError, ValueError) as error:
            reason = getattr(error, 'strerror', None) or str(error)
            raise Failure(
                'no-data', type(error).__name__, 'The data file %s is not there: %s (%s).' % (file, path, reason)
            ) from None
        if stat.S_ISDIR(found.st_mode):
            raise Failure('no-data', 'IsADirectoryError', 'The data file %s is a folder: %s.' % (file, path))
        if not os.access(path, os.R_OK):
            raise Failure('no-data', 'PermissionError', 'The data file %s cannot be read: %s.' % (file, path))


class TableOptions:
    """Keyword arguments of pandas.read_csv, by file."""

    def __init__(self):
        self._all, self._of = (None,), {}

    def begin(self, tables):
        """A batch begins; `tables` is that of its order (PROTOCOL.md), or None."""
        self._all, self._of = (tables['all'], tables['of']) if tables else ((None,), {})

    def of(self, file):
        """A copy of those of a file; None if it is no table."""
        of = self._of
        found = self._all[of.get(file, 0) if of else 0]
        if found is None:
            return None
        return {name: list(value) if type(value) is list else value for name, value in found.items()}
