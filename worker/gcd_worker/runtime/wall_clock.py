"""The time of day, by a clock that nobody sets: as it was when this module was loaded, and what has passed since.

Tasks, and the figures made of their times, then agree with each other when the machine's clock is set while they run.
Where the system has such a clock it goes on while the machine sleeps.
"""
import time

_CLOCK = getattr(time, 'CLOCK_BOOTTIME', time.CLOCK_MONOTONIC)


def clock_offset():
    """Seconds to add to what the clock says; a supervisor takes it once, for all its children."""
    return time.time() - time.clock_gettime(_CLOCK)


def wall_clock(offset):
    """A function that says the time, in seconds since 1970."""
    clock, gettime = _CLOCK, time.clock_gettime
    return lambda: gettime(clock) + offset
