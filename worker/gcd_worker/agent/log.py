"""The agent's log: lines on the container's standard error. Never log a token, receipt or key."""
import sys
import time


def log(text, *values):
    """Writes a line."""
    at = time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime())
    sys.stderr.write('%s gcd-agent: %s\n' % (at, text % values if values else text))
    sys.stderr.flush()
