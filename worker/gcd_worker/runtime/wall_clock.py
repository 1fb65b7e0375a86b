"""Wall-clock time that does not jump: the system's time at the start, plus a clock that nobody sets.

The times of tasks then stay consistent when the machine's clock is set meanwhile. On Linux the clock runs while the machine
sleeps.
"""
import time

_CLOCK = getattr(time, 'CLOCK_BOOTTIME', time.CLOCK_MONOTONIC)


def clock_offset():
    """Seconds to add to the clock; a supervisor takes them once, for all its children."""
    return time.time() - time.clock_gettime(_CLOCK)


def wall_clock(offset):
    """A function that returns seconds since 1970."""
    clock, gettime = _CLOCK, time.clock_gettime
    return lambda: gettime(clock) + offset
