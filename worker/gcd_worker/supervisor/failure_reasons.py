"""The failures of a task whose child has ended, with messages for error.csv."""
import os
import signal

from .. import FOLDER
from ..protocol import shared_memory
from ..protocol.messages import Failure

_meanings = {
    'SIGSEGV': 'it used memory that is not its own; usually a bug in a compiled library',
    'SIGABRT': 'it aborted itself; usually a check in a compiled library',
    'SIGBUS': 'it used memory that is not there',
    'SIGFPE': 'an arithmetic error in compiled code',
    'SIGILL': 'compiled code for another kind of processor',
    'SIGXCPU': 'it used up the CPU time that it may use',
    'SIGXFSZ': 'it wrote a file larger than it may',
    'SIGKILL': 'somebody killed it: perhaps the system, being short of memory',
}


def timeout(seconds, stack):
    """The task exceeded its timeout; `stack` is where it was."""
    return Failure('timeout', 'timeout', 'The task took longer than task_timeout, %s s, and was killed.' % _short(seconds), stack)


def out_of_memory(limit, peak):
    """The task used more than the measured limit."""
    return Failure(
        'out-of-memory',
        'memory limit',
        'The task used %s of memory; a worker may use %s (memory_per_worker).' % (_size(peak), _size(limit)),
    )


def killed_by_kernel(limit, peak):
    """The kernel's OOM killer has killed the child."""
    allowed = ' A worker may use %s (memory_per_worker).' % _size(limit) if limit else ''
    return Failure(
        'out-of-memory',
        'SIGKILL',
        'The system ran out of memory and killed the task, which used up to %s.%s' % (_size(peak), allowed),
    )


def cut_off():
    """The child cannot write records any more."""
    return Failure(
        'crash',
        'descriptors closed',
        "The worker's descriptors were closed (os.closerange?), so the outcome could not be reported.",
    )


def crash(status, reason, output):
    """The child exited, or was killed by another process."""
    # It asks to be replaced only after it has written the record; if that has not arrived, it went to another file.
    if reason in (shared_memory.CHANNEL_LOST, shared_memory.RENEW):
        return cut_off()
    if reason == shared_memory.INTERRUPTED:
        return Failure(
            'crash', 'interrupted', 'A thread that the task had left running interrupted the worker: %s' % _tail(output)
        )
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        name = _signal_name(number)
        meaning = _meanings.get(name)
        message = 'The worker process was ended by %s while it ran the task%s.' % (
            name,
            ' (%s)' % meaning if meaning else '',
        )
        return Failure('crash', name, message, _stack(output))
    code = os.WEXITSTATUS(status)
    return Failure(
        'crash',
        'exit %d' % code,
        'The task ended its process with exit code %d (os._exit, or exit() in a compiled library).' % code,
        _stack(output),
    )


def never_started(status):
    """Several children have ended before they started the task."""
    return Failure(
        'crash',
        'not started',
        'Several worker processes ended before they started the task; the last one %s.' % ending(status),
    )


def ending(status):
    """How a process has ended, in words."""
    if os.WIFSIGNALED(status):
        return 'was ended by %s' % _signal_name(os.WTERMSIG(status))
    return 'ended with exit code %d' % os.WEXITSTATUS(status)


def _signal_name(number):
    try:
        return signal.Signals(number).name
    except ValueError:
        return 'signal %d' % number


def _stack(output):
    """The Python stack that faulthandler has printed when compiled code crashed."""
    start = output.rfind(b'Fatal Python error: ')
    return without_own_frames(output[start:]) if start >= 0 else ''


def without_own_frames(stack):
    """faulthandler's stack as text, without the worker's own frames."""
    lines = stack.decode('utf-8', 'replace').splitlines(True)
    return ''.join(line for line in lines if not line.startswith(('  File "<gcd-sfn>"', '  File "%s' % FOLDER)))


def _tail(output):
    lines = output.decode('utf-8', 'replace').strip().splitlines()
    return lines[-1] if lines else 'unknown.'


def _size(count):
    return '%d MiB' % (count >> 20) if count >= 1 << 20 else '%d KiB' % (count >> 10)


def _short(seconds):
    return ('%.3f' % seconds).rstrip('0').rstrip('.')
