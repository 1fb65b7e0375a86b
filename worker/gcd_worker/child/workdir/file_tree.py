"""Copies and removes files and folders, whatever permissions and depths a task has left.

Functions of `os` are imported by name, before the user's code runs: a task may replace those of the module.
"""
import errno
import fcntl
import os
import stat
from os import (
    chmod,
    close,
    fchmod,
    ftruncate,
    lseek,
    lstat,
    mkdir,
    read,
    rename,
    rmdir,
    scandir,
    symlink,
    unlink,
    utime,
    write,
)
from os import open as open_file

CHUNK = 1 << 20
# Linux: has a file share the blocks of another one (reflink).
FICLONE = 0x40049409


try:
    import ctypes

    _sync_file_range = ctypes.CDLL(None).sync_file_range
    _sync_file_range.argtypes = [ctypes.c_int, ctypes.c_int64, ctypes.c_int64, ctypes.c_uint]
except (ImportError, OSError, AttributeError):  # no Linux, or a Python without ctypes
    _sync_file_range = None

_WRITE = 2


def start_writeback(descriptor):
    """Starts writing a file's data to the disk, if the system supports it; does not wait."""
    if _sync_file_range is not None:
        _sync_file_range(descriptor, 0, 0, _WRITE)


def list_folder(path):
    """The entries of a folder."""
    with scandir(path) as entries:
        return list(entries)


def list_readable(path):
    """The entries of a folder, after making it readable if a task has changed that."""
    try:
        return list_folder(path)
    except PermissionError:
        chmod(path, 0o700)
        return list_folder(path)


def copy_file(source, target, max_size=None):
    """Copies a regular file's data, permissions (writable for the owner) and time; never through a link.

    `max_size`: larger files are copied only as a reflink. Returns whether the file was copied.
    """
    given = open_file(source, os.O_RDONLY | os.O_CLOEXEC)
    try:
        found = os.fstat(given)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW
        taken = open_file(target, flags, 0o600)
        try:
            if not _reflink(taken, given, found.st_size):
                if max_size is not None and found.st_size > max_size:
                    unlink(target)
                    return False
                _copy_data(given, taken)
            fchmod(taken, stat.S_IMODE(found.st_mode) & 0o777 | 0o600)
        finally:
            close(taken)
        utime(target, ns=(found.st_atime_ns, found.st_mtime_ns))
        return True
    finally:
        close(given)


def refill_file(source, target):
    """Copies the source into an existing file, which a process may have open."""
    given = open_file(source, os.O_RDONLY | os.O_CLOEXEC)
    try:
        found = os.fstat(given)
        chmod(target, 0o600)
        taken = open_file(target, os.O_WRONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
        try:
            ftruncate(taken, 0)
            _copy_data(given, taken)
            fchmod(taken, stat.S_IMODE(found.st_mode) & 0o777 | 0o600)
        finally:
            close(taken)
        utime(target, ns=(found.st_atime_ns, found.st_mtime_ns))
        _rewind(lstat(target))
    finally:
        close(given)


def copy_link(source, target, root):
    """Copies a link. A relative link out of the folder `root` becomes absolute."""
    to = os.readlink(source)
    absolute = os.path.normpath(os.path.join(os.path.dirname(source), to))
    symlink(to if absolute.startswith(root + os.sep) else absolute, target)


def remove(path):
    """Removes a file, or a folder with its contents, however deep; a missing path is no error."""
    try:
        if not stat.S_ISDIR(lstat(path).st_mode):
            unlink(path)
            return
    except FileNotFoundError:
        return
    # Deep folders are moved up to the first: their paths may be too long for the system.
    folders, count = [path], 0
    for folder in folders:
        for entry in list_readable(folder):
            if not entry.is_dir(follow_symlinks=False):
                _retried(unlink, entry.path, folder)
                continue
            inner = entry.path
            if folder != path:
                inner = '%s/.gcd-%d' % (path, count)
                count += 1
                _retried(lambda given, to=inner: rename(given, to), entry.path, folder, entry.path)
            folders.append(inner)
    for folder in reversed(folders):
        _retried(rmdir, folder, os.path.dirname(folder))


def _retried(act, path, *locked):
    """Calls `act(path)`; again after making the folders writable if they are not."""
    try:
        act(path)
    except PermissionError:
        for folder in locked:
            chmod(folder, 0o700)
        act(path)
    except FileNotFoundError:
        pass


def make_folder(path):
    """Creates a folder, replacing anything at its path."""
    try:
        mkdir(path)
    except FileExistsError:
        remove(path)
        mkdir(path)


def _reflink(taken, given, size):
    if not size:
        return True
    try:
        fcntl.ioctl(taken, FICLONE, given)
        return True
    except (OSError, ValueError):
        return False


def _copy_data(given, taken):
    while True:
        data = read(given, CHUNK)
        if not data:
            return
        while data:
            data = data[write(taken, data) :]


def _rewind(found):
    """Moves this process's open descriptors of a file to its end, so that later writes leave no hole."""
    try:
        descriptors = os.listdir('/proc/self/fd')
    except OSError:
        return
    for name in descriptors:
        try:
            other = os.fstat(int(name))
            if (other.st_dev, other.st_ino) == (found.st_dev, found.st_ino):
                lseek(int(name), found.st_size, os.SEEK_SET)
        except OSError as error:
            if error.errno not in (errno.EBADF, errno.ESPIPE):
                raise
