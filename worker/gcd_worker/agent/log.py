"""What the agent says for whoever reads the container's log; no token, receipt or key ever."""
import sys
import time


def log(text, *values):
    """A line on standard error."""
    at = time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime())
    sys.stderr.write('%s gcd-agent: %s\n' % (at, text % values if values else text))
    sys.stderr.flush()
