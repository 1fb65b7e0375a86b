"""Restores the process to its state after importing the project.

`quick` runs after every task and takes about 1.5 microseconds: it checks what a task changes easily, for example by closing
a file. `thorough` takes ten times as long: each check is a system call. It runs before `quick` after a task that took more
than a millisecond, failed, or called a function of hooks.py.
"""
import _locale
import builtins
import gc
import io
import os
import resource
import signal
import sys

# Imported by name, before the hooks are set: a task may replace a module's functions, and these must not call the hooks.
from _signal import getsignal, pthread_sigmask, set_wakeup_fd, setitimer
from _signal import signal as set_handler
from faulthandler import cancel_dump_traceback_later
from faulthandler import enable as enable_faulthandler
from os import dup2, fchdir
from os import umask as set_umask
from resource import getrlimit, setrlimit

ENCODING = {'encoding': 'utf-8', 'errors': 'backslashreplace', 'newline': '\n', 'write_through': True}
TIMERS = (signal.ITIMER_REAL, signal.ITIMER_VIRTUAL, signal.ITIMER_PROF)
LIMITS = tuple(getattr(resource, name) for name in dir(resource) if name.startswith('RLIMIT_'))


class NotRestorable(Exception):
    """The state cannot be restored: the process must be replaced."""


def new_stream(descriptor):
    """An unbuffered text stream: output before a crash is not lost."""
    return io.TextIOWrapper(io.FileIO(descriptor, 'w', closefd=False), **ENCODING)


class ProcessState:
    """The state of the process when this object was created.

    `capture` is the descriptor for 1 and 2, `nothing` the one for 0. The hooks must be set before the user's modules load.
    """

    def __init__(self, capture, nothing, hooks):
        self.capture = capture
        self.nothing = nothing
        self.hooks = hooks
        self.directory = os.open('.', os.O_RDONLY | os.O_CLOEXEC)
        self.environment = os.environ
        self.variables = dict(os.environ._data)
        self.path = sys.path
        self.entries = list(sys.path)
        # A task may clear sys.modules.
        self.own_modules = {name for name in list(sys.modules) if self.is_own_module(name)}
        self.meta_path, self.known_finders = sys.meta_path, list(sys.meta_path)
        self.path_hooks, self.known_hooks = sys.path_hooks, list(sys.path_hooks)
        self.stdout, self.stderr, self.stdin = sys.stdout, sys.stderr, sys.stdin
        # Importing may have replaced it by any object; that stays.
        self.input = self.stdin if isinstance(self.stdin, io.TextIOWrapper) else io.StringIO()
        self.print = print
        self.recursion = sys.getrecursionlimit()
        self.gc = gc.isenabled()
        self.umask = set_umask(0o077)
        set_umask(self.umask)
        self.every_handler = {number: getsignal(number) for number in sorted(signal.valid_signals())}
        self.limits = _limits()
        self.rest = _rest()
        self.locale = _locale.setlocale(_locale.LC_ALL, None)
        self.mask = pthread_sigmask(signal.SIG_BLOCK, ())
        hooks.called = False

    def move_up(self, move):
        """Moves the directory's descriptor with `move`."""
        self.directory = move(self.directory)

    def quick(self):
        """Restores what any task may change. Raises OSError (EBADF) if a task has closed the worker's descriptors."""
        dup2(self.capture, 1)
        dup2(self.capture, 2)
        dup2(self.nothing, 0)
        if os.environ is not self.environment or os.environ._data != self.variables:
            self.environ()
        if sys.path is not self.path or sys.path != self.entries:
            sys.path = self.path
            self.path[:] = self.entries
        if sys.meta_path is not self.meta_path or self.meta_path != self.known_finders:
            self.imports('meta_path', self.meta_path, self.known_finders)
        if sys.path_hooks is not self.path_hooks or self.path_hooks != self.known_hooks:
            self.imports('path_hooks', self.path_hooks, self.known_hooks)
        if sys.stdout is not self.stdout or sys.stderr is not self.stderr or sys.stdin is not self.stdin:
            self.streams()
        try:
            self.stdout.flush()
            self.stderr.flush()
            # Raises if it is detached.
            closed = self.input.closed
        except BaseException:
            closed = True
        if closed:
            self.new_streams()
        if sys.getrecursionlimit() != self.recursion:
            sys.setrecursionlimit(self.recursion)
        if gc.isenabled() is not self.gc:
            (gc.enable if self.gc else gc.disable)()
        if sys.gettrace() is not None or sys.getprofile() is not None:
            sys.settrace(None)
            sys.setprofile(None)
        if builtins.print is not self.print:
            builtins.print = self.print

    def thorough(self):
        """Restores the rest; raises NotRestorable."""
        self.hooks.called = False
        # First, since a signal would interrupt what follows.
        self.signals()
        fchdir(self.directory)
        set_umask(self.umask)
        cancel_dump_traceback_later()
        enable_faulthandler(self.capture)
        if _locale.setlocale(_locale.LC_ALL, None) != self.locale:
            _locale.setlocale(_locale.LC_ALL, self.locale)
        if _limits() != self.limits:
            try:
                for limit, values in self.limits.items():
                    setrlimit(limit, values)
            except (OSError, ValueError):
                raise NotRestorable('a resource limit was lowered') from None
        if _rest() != self.rest:
            raise NotRestorable('priority, user or root directory were changed')

    def signals(self):
        for timer in TIMERS:
            setitimer(timer, 0)
        for number, handler in self.every_handler.items():
            if getsignal(number) is not handler:
                if handler is None:
                    raise NotRestorable('a handler that is not Python\'s was replaced')
                set_handler(number, handler)
        pthread_sigmask(signal.SIG_SETMASK, self.mask)
        set_wakeup_fd(-1)

    def environ(self):
        os.environ = self.environment
        for key in [key for key in self.environment._data if key not in self.variables]:
            os.unsetenv(key)
        for key, value in self.variables.items():
            os.putenv(key, value)
        # In place: os.environb and other references share this dict.
        self.environment._data.clear()
        self.environment._data.update(self.variables)

    def imports(self, name, finders, known):
        """Keeps finders that libraries have added; removes those of the project's code, and adds missing ones."""
        def is_in(one, finders):
            return any(one is other for other in finders)

        kept = [one for one in getattr(sys, name) if is_in(one, known) or not self.is_of_project(one)]
        missing = [one for one in known if not is_in(one, kept)]
        finders[:] = kept + missing
        known[:] = finders
        setattr(sys, name, finders)
        # It has results of other hooks.
        sys.path_importer_cache.clear()

    def is_of_project(self, finder):
        """Whether it is defined in a module of the project."""
        maker = finder if hasattr(finder, '__qualname__') else type(finder)
        name = getattr(maker, '__module__', None)
        return name in self.own_modules or self.is_own_module(name)

    def is_own_module(self, name):
        file = getattr(sys.modules.get(name), '__file__', None)
        return isinstance(file, str) and file.startswith(self.entries[0] + os.sep)

    def streams(self):
        sys.stdout, sys.stderr, sys.stdin = self.stdout, self.stderr, self.stdin

    def new_streams(self):
        """Replaces streams that a task has closed or broken."""
        self.stdout = sys.__stdout__ = new_stream(1)
        self.stderr = sys.__stderr__ = new_stream(2)
        if self.stdin is self.input:
            self.stdin = self.input = sys.__stdin__ = open(0, encoding='utf-8', closefd=False)
        self.streams()


def _limits():
    return {limit: getrlimit(limit) for limit in LIMITS}


def _rest():
    """State that cannot be restored, or changes so rarely that a new process is the simplest answer."""
    root = os.stat('/')
    return (
        os.getpriority(os.PRIO_PROCESS, 0),
        os.sched_getaffinity(0) if hasattr(os, 'sched_getaffinity') else None,
        os.sched_getscheduler(0) if hasattr(os, 'sched_getscheduler') else None,
        os.getresuid() if hasattr(os, 'getresuid') else os.geteuid(),
        os.getresgid() if hasattr(os, 'getresgid') else os.getegid(),
        (root.st_dev, root.st_ino),
    )
