"""A Map goes through thousands of items. moto's workers call themselves for each, and hang where Python's stack ends."""
import sys
import threading

sys.setrecursionlimit(1_000_000)
# Of what the threads that are made from now on may use; it is taken only when it is needed.
threading.stack_size(64 * 1024 * 1024)
