"""Times of tasks where the machine's clock is set meanwhile."""
import os
import sys
import time
import unittest
from unittest import mock

from support import MAIN

sys.path.insert(0, os.path.dirname(os.path.dirname(MAIN)))

from gcd_worker.runtime import wall_clock  # noqa: E402


class SteadyClock(unittest.TestCase):
    def test_the_time_of_day_goes_on_when_the_clock_is_set(self):
        offset = wall_clock.clock_offset()
        before = time.time()
        with mock.patch('time.time', lambda: before - 3600):
            now = wall_clock.wall_clock(offset)
            first, second = now(), now()
        self.assertLess(abs(first - before), 60)
        self.assertGreaterEqual(second, first)

    def test_what_is_taken_anew_follows_the_clock(self):
        before = time.time()
        with mock.patch('time.time', lambda: before + 3600):
            now = wall_clock.wall_clock(wall_clock.clock_offset())
        self.assertGreater(now(), before + 3500)


if __name__ == '__main__':
    unittest.main()
