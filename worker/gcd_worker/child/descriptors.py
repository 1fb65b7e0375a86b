"""The child's own descriptors, and the standard streams of the user's code."""
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
    """Moves a descriptor to a high number, and closes it on exec.

    A task that closes descriptors 3 to 100 does not close it. After a task that closes all descriptors, no file that is
    opened later gets the number of the record channel.
    """
    soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    lowest = max(3, min(soft if soft > 0 else 1024, 1024) - 32)
    moved = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, lowest)
    os.close(descriptor)
    return moved


def new_streams():
    """Makes standard output and error unbuffered; standard input is empty already."""
    sys.stdout = sys.__stdout__ = new_stream(1)
    sys.stderr = sys.__stderr__ = new_stream(2)
    if _libc is not None:
        try:
            # C code has a buffer of its own: a crash would lose it, or it would be taken for output of the next task.
            _libc.setvbuf(ctypes.c_void_p.in_dll(_libc, 'stdout'), None, _UNBUFFERED, 0)
        except ValueError:  # a C library with another name for it
            pass


def flush_c_streams():
    """Flushes C's buffers."""
    if _libc is not None:
        _libc.fflush(None)


def write_all(descriptor, data, write=os.write):
    """Writes all data to a blocking descriptor."""
    done = write(descriptor, data)
    if done != len(data):
        rest = memoryview(data)[done:]
        while len(rest):
            rest = rest[write(descriptor, rest) :]
