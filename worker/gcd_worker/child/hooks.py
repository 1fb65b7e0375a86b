"""Notes that a task has called a function whose effect would be too dear to look for after every task."""
import faulthandler
import functools
import locale
import os
import resource
import signal

_functions = (
    (resource, 'setrlimit prlimit'),
    (signal, 'alarm setitimer pthread_sigmask set_wakeup_fd signal'),
    (faulthandler, 'dump_traceback_later enable disable'),
    (locale, 'setlocale'),
    (
        os,
        'chdir fchdir umask nice setpriority sched_setaffinity sched_setscheduler sched_setparam chroot unshare setns '
        'setuid setgid seteuid setegid setreuid setregid setresuid setresgid setgroups initgroups',
    ),
)


class Hooks:
    """`touched` is true when one of the functions was called since it was last set to false."""

    def __init__(self):
        self.touched = False
        for module, names in _functions:
            for name in names.split():
                function = getattr(module, name, None)
                if function is not None:
                    wired = self._wired(function)
                    setattr(module, name, wired)
                    if function in os.supports_fd:
                        os.supports_fd.add(wired)

    def _wired(self, function):
        @functools.wraps(function)
        def wired(*arguments, **named):
            self.touched = True
            return function(*arguments, **named)

        return wired
