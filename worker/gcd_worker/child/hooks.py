"""Notes calls of functions that change the process in ways too expensive to check after every task."""
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
    """`called` is set to true when one of the functions is called."""

    def __init__(self):
        self.called = False
        for module, names in _functions:
            for name in names.split():
                function = getattr(module, name, None)
                if function is not None:
                    hooked = self._hooked(function)
                    setattr(module, name, hooked)
                    if function in os.supports_fd:
                        os.supports_fd.add(hooked)

    def _hooked(self, function):
        @functools.wraps(function)
        def hooked(*arguments, **named):
            self.called = True
            return function(*arguments, **named)

        return hooked
