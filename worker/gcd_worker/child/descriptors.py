"""The child's own descriptors, and the streams of the user's code."""
import fcntl
import os
import resource
import sys

from .process_state import new_stream

try:
    import ctypes

    _libc = ctypes.CDLL(None)
except (ImportError, OSError):  # a Python without ctypes
    _libc = None

_UNBUFFERED = 2


def move_up(descriptor):
    """Moves a descriptor to a number that nobody gets by opening files, and keeps it from started programs.

    A task that closes "everything from 3 to 100" does not hit it, and after one that closes really everything,
    no file opened later has the number of the record channel.
    """
    soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    lowest = max(3, min(soft if soft > 0 else 1024, 1024) - 32)
    moved = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, lowest)
    os.close(descriptor)
    return moved


def new_streams():
    """Gives the user's code streams that keep nothing back; standard input is empty already."""
    sys.stdout = sys.__stdout__ = new_stream(1)
    sys.stderr = sys.__stderr__ = new_stream(2)
    if _libc is not None:
        try:
            # C code prints into a buffer of its own, which a crash would lose, or the next task would be taken to have printed.
            _libc.setvbuf(ctypes.c_void_p.in_dll(_libc, 'stdout'), None, _UNBUFFERED, 0)
        except ValueError:  # a C library that calls it otherwise
            pass


def flush_c_streams():
    """Writes out what C code has printed without ending its line."""
    if _libc is not None:
        _libc.fflush(None)


def write_all(descriptor, data, write=os.write):
    """Writes all of it to a blocking descriptor."""
    done = write(descriptor, data)
    if done != len(data):
        rest = memoryview(data)[done:]
        while len(rest):
            rest = rest[write(descriptor, rest) :]
