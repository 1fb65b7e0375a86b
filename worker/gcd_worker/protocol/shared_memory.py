"""The memory that supervisor and child share: one page of cells of 8 bytes, unsigned integers and doubles.

It works whatever a task does to descriptors, costs some 20 ns a value, and outlives the child: it shows what the child was
doing when it died.
"""
import mmap
import os
import signal

SIZE = 4096

# Integers.
STOP = 0  # by the supervisor: start no further task of the batches up to this one, counted over the child's life from 1
STARTED = 1  # by the child: how many tasks it has started in its life
FINISHED = 2  # by the child: the number of the last one whose outcome is known, perhaps not yet written
REASON = 3  # by the child: why it ends itself
# Doubles, of the task STARTED.
WALL = 4  # seconds since 1970
MONOTONIC = 5  # time.monotonic, for deadlines
CPU = 6  # CPU seconds that the child had used before

# A value of STOP.
EVERY_BATCH = (1 << 64) - 1
# Values of REASON.
RENEW = 1  # a task has left the process in a state that cannot be restored
CHANNEL_LOST = 2  # a task has closed the worker's descriptors
INTERRUPTED = 3  # something that a task has left running has raised an exception outside of tasks

# Signal that has the child print its Python stacks, before it is killed for a timeout. None on systems without real-time signals.
DUMP_SIGNAL = signal.SIGRTMAX - 2 if hasattr(signal, 'SIGRTMAX') else None


class SharedMemory:
    """The mapped page: `integers[STOP]`, `doubles[WALL]`."""

    def __init__(self, descriptor):
        self.memory = mmap.mmap(descriptor, SIZE)
        self.integers = memoryview(self.memory).cast('Q')
        self.doubles = memoryview(self.memory).cast('d')


def new_shared_memory(path=None):
    """Creates the memory; returns it and the descriptor through which a child maps it.

    With a path it is a file, which outlives supervisor and child.
    """
    if path is not None:
        if os.path.exists(path):
            # The last one may still be mapped.
            os.remove(path)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    elif hasattr(os, 'memfd_create'):
        descriptor = os.memfd_create('gcd-worker')
    else:
        import tempfile

        with tempfile.TemporaryFile() as file:
            descriptor = os.dup(file.fileno())
    os.ftruncate(descriptor, SIZE)
    return SharedMemory(descriptor), descriptor


def read_shared_memory(path):
    """The integers of shared memory in a file; None if the file does not exist."""
    try:
        with open(path, 'rb') as file:
            data = file.read(SIZE)
    except FileNotFoundError:
        return None
    return memoryview(data).cast('Q') if len(data) == SIZE else None
