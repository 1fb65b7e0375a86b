"""Finding and ending child processes, also daemons that have left their parent."""
import os
import signal
import time

try:
    import ctypes

    _prctl = getattr(ctypes.CDLL(None), 'prctl', None)
except (ImportError, OSError):  # a Python without ctypes
    _prctl = None

_SET_PARENT_DEATH_SIGNAL = 1
_SET_CHILD_SUBREAPER = 36
_ticks = os.sysconf('SC_CLK_TCK') if hasattr(os, 'sysconf') else 100


def adopt_orphans():
    """Makes this process the parent of descendants whose parent ends (child subreaper): daemons, for example.

    Returns whether the system supports it.
    """
    return _prctl is not None and _prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0


def die_with_parent(parent, number=signal.SIGKILL):
    """Has this process killed when `parent` ends, even by SIGKILL. Call it in a new child, before exec."""
    if _prctl is not None:
        _prctl(_SET_PARENT_DEATH_SIGNAL, int(number), 0, 0, 0)
    # The parent may have ended before the call.
    if os.getppid() != parent:
        os._exit(1)


def children_of(pid):
    """Process ids of its children; empty if it has ended, or without Linux's /proc."""
    found = []
    try:
        for thread in os.listdir('/proc/%d/task' % pid):
            with open('/proc/%d/task/%s/children' % (pid, thread), 'rb') as file:
                found += [int(child) for child in file.read().split()]
    except OSError:
        pass
    return found


def with_descendants(pid):
    """The process and its descendants."""
    found = [pid]
    for each in found:
        found += [child for child in children_of(each) if child not in found]
    return found


def started_at(pid):
    """When a process started, on the clock of time.monotonic (to 10 ms); None if it has ended."""
    try:
        with open('/proc/%d/stat' % pid, 'rb') as file:
            # The name, in parentheses, may contain anything.
            fields = file.read().rpartition(b')')[2].split()
        since_boot = int(fields[19]) / _ticks
        return since_boot - (time.clock_gettime(time.CLOCK_BOOTTIME) - time.monotonic())
    except (OSError, IndexError, ValueError, AttributeError):
        return None


def kill(pid):
    """Sends SIGKILL; a process that has ended is no error."""
    try:
        os.kill(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass


def kill_group(leader):
    """Sends SIGKILL to the process group."""
    try:
        os.killpg(leader, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass


def reap():
    """Waits for children that have ended: {process id: (status, resource usage)}."""
    ended = {}
    while True:
        try:
            pid, status, usage = os.wait4(-1, os.WNOHANG)
        except ChildProcessError:
            return ended
        if pid == 0:
            return ended
        ended[pid] = (status, usage)


def kill_all_children(awaited=None, seconds=5.0):
    """Kills this process's children, and orphans that it adopts meanwhile, until none is left; returns as `reap`.

    `awaited` is a child that was sent SIGKILL, for systems that do not list children. A process that hangs in the kernel
    cannot be waited for: hence the limit.
    """
    ended = reap()
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        left = children_of(os.getpid())
        if not left and awaited in (None, *ended):
            break
        for pid in left:
            kill(pid)
        time.sleep(0.001)
        ended.update(reap())
    return ended
