"""Asks the kernel whether anything in some folders was created, removed or written since the last time (inotify).

One system call for all folders. Linux only; elsewhere, and if there are too many watches, `new_watcher` returns None.
"""
import functools
import os
import select
from os import read

try:
    import ctypes
except ImportError:  # a Python without ctypes
    ctypes = None

_MODIFY, _ATTRIBUTES, _MOVED, _CREATE, _DELETE, _SELF = 0x2, 0x4, 0x40 | 0x80, 0x100, 0x200, 0x400 | 0x800
_MASK = _MODIFY | _ATTRIBUTES | _MOVED | _CREATE | _DELETE | _SELF
_ONLY_FOLDERS, _NO_LINKS = 0x01000000, 0x02000000
_NONBLOCKING, _CLOSE_ON_EXEC = 0o4000, 0o2000000


def new_watcher(folders, move_up):
    """An InotifyWatcher of these folders, without those below them; None if there is none. `move_up` moves its descriptor."""
    if ctypes is None:
        return None
    try:
        libc = ctypes.CDLL(None)
        descriptor = libc.inotify_init1(_NONBLOCKING | _CLOSE_ON_EXEC)
    except (OSError, AttributeError):
        return None
    if descriptor < 0:
        return None
    watch = InotifyWatcher(libc, descriptor)
    if not all(map(watch.add, folders)):
        os.close(descriptor)
        return None
    # The moved descriptor has the same watches.
    watch.follow(move_up(descriptor))
    return watch


class InotifyWatcher:
    """`noticed()` returns a list that is not empty if anything has changed since `forget()`."""

    def __init__(self, libc, descriptor):
        self._libc = libc
        self.follow(descriptor)

    def follow(self, descriptor):
        """Sets its descriptor."""
        self._descriptor = descriptor
        poll = select.poll()
        poll.register(descriptor, select.POLLIN)
        # A C function, since it is called after every task.
        self.noticed = functools.partial(poll.poll, 0)

    def add(self, folder):
        """Watches one more folder; returns whether that worked."""
        mask = _MASK | _ONLY_FOLDERS | _NO_LINKS
        return self._libc.inotify_add_watch(self._descriptor, os.fsencode(folder), mask) >= 0

    def forget(self):
        """Discards the changes up to now."""
        try:
            while read(self._descriptor, 1 << 16):
                pass
        except OSError:
            # No more events; or a task has closed the descriptor, which is detected elsewhere.
            pass
