"""What a batch says of its data files: where they lie, and how pandas reads them."""
import os
import stat

from ..protocol.messages import Failure


class DataPaths:
    """Finds data files below `root`; without a root, somebody else fetches them and there is no path."""

    def __init__(self, root):
        self.root = root
        self._seen = None
        self._path = None
        self._told = {}

    def begin(self, told):
        """A batch begins. `told` is what its feeder says of files that do not lie below the root, if it fetches them."""
        if told is not None:
            self._told = told
            # Another copy may have been fetched since.
            self._seen = None

    def path(self, file):
        """The file's path. Looked for once while tasks of the same file follow; raises Failure (no-data)."""
        if file != self._seen:
            self._seen = None
            path = self._place(file)
            self._look(path, file)
            self._seen, self._path = file, path
        return self._path

    def _place(self, file):
        told = self._told.get(file) or {}
        if 'error' in told:
            raise Failure(
                'no-data', told['error'], 'The data file %s could not be fetched: %s' % (file, told['message'])
            )
        return told.get('path') or os.path.join(self.root, file)

    def lost(self, error):
        """The Failure (no-data) where the error says that the file, found before, is there no more; else None."""
        if self._seen is None or not isinstance(error, OSError) or not self._is_about_it(error):
            return None
        file, self._seen = self._seen, None
        try:
            self._look(self._path, file)
        except Failure as failure:
            return failure
        return None

    def _is_about_it(self, error):
        try:
            return os.path.abspath(os.fspath(error.filename)) == os.path.abspath(self._path)
        except BaseException:
            # No file name, or one that is no path.
            return False

    def _look(self, path, file):
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

    def begin(self, told):
        """A batch begins: `tables` of its line (PROTOCOL.md), or None."""
        self._all, self._of = (told['all'], told['of']) if told else ((None,), {})

    def of(self, file):
        """Those of a file, to be changed at will; None: it is no table."""
        of = self._of
        found = self._all[of.get(file, 0) if of else 0]
        if found is None:
            return None
        return {name: list(value) if type(value) is list else value for name, value in found.items()}
