"""What every good task must find, whatever ran before it in its worker."""
import os
import resource
import signal
import subprocess
import sys

_signals = (signal.SIGALRM, signal.SIGTERM, signal.SIGINT, signal.SIGUSR1)


def _find():
    umask = os.umask(0)
    os.umask(umask)
    return {
        'folder': os.getcwd(),
        'files': sorted(os.listdir('.')),
        'environment': sorted(os.environ),
        'path': list(sys.path),
        'recursion': sys.getrecursionlimit(),
        'handlers': [str(signal.getsignal(number)) for number in _signals],
        'blocked': sorted(signal.pthread_sigmask(signal.SIG_BLOCK, ())),
        'timer': signal.getitimer(signal.ITIMER_REAL),
        'umask': umask,
        'open files': resource.getrlimit(resource.RLIMIT_NOFILE),
        'trace': sys.gettrace(),
    }


_at_first = _find()


def check():
    """Raises AssertionError with what is not as it was."""
    now = _find()
    assert now == _at_first, {name: (now[name], _at_first[name]) for name in now if now[name] != _at_first[name]}
    assert sys.stdin.read() == '' and os.read(0, 10) == b''
    with open('/dev/null', 'w') as file:
        file.write('opened')
    said = subprocess.run(
        [sys.executable, '-S', '-c', 'print("said by a child", flush=True)'], stdout=subprocess.PIPE, check=True
    ).stdout
    assert said == b'said by a child\n', said
