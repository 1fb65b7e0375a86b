"""Paths of data files on the disk: the key below `named_folder`, or a path with the key's hash where that is impossible."""
import errno
import hashlib
import os

MAX_NAME = 255
KEPT_OF_NAME = 80
# Errors of names that the file system refuses, and of paths that are taken.
REFUSED_NAMES = (
    errno.EEXIST,
    errno.EILSEQ,
    errno.EINVAL,
    errno.EISDIR,
    errno.ENAMETOOLONG,
    errno.ENOENT,
    errno.ENOTDIR,
    errno.ENOTEMPTY,
)


class FilePaths:
    """Below `named_folder`, a file has its key as its path."""

    def __init__(self, folder):
        self.named_folder = os.path.join(folder, 'files')
        self._hashed = os.path.join(folder, 'others')

    def put(self, partial, key):
        """Moves a complete file to its path; returns that."""
        try:
            if not _is_path(key):
                raise OSError(errno.EINVAL, 'not a path')
            return _moved(partial, os.path.join(self.named_folder, key))
        except OSError as error:
            if error.errno not in REFUSED_NAMES:
                raise
        name = key.rpartition('/')[2].replace('\0', '')[-KEPT_OF_NAME:]
        name = name.encode('utf-8', 'replace').decode()
        place = hashlib.sha256(key.encode('utf-8', 'surrogatepass')).hexdigest()[:32]
        return _moved(partial, os.path.join(self._hashed, place, name if name not in ('', '.', '..') else 'file'))

    def remove(self, path):
        """Removes a file, and folders that are empty then."""
        try:
            os.remove(path)
            folder = os.path.dirname(path)
            while folder not in (self.named_folder, self._hashed):
                os.rmdir(folder)
                folder = os.path.dirname(folder)
        except OSError:
            # A task has removed it, or left something beside it.
            pass


def _moved(partial, path):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    os.replace(partial, path)
    return path


def _is_path(key):
    return '\0' not in key and all(
        step not in ('', '.', '..') and len(step.encode('utf-8', 'replace')) <= MAX_NAME for step in key.split('/')
    )
