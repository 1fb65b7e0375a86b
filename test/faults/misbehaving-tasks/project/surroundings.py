"""Changes to what all tasks of a worker share."""
import atexit
import builtins
import gc
import json
import logging
import os
import resource
import signal
import sys
import time
import warnings


def chdir():
    os.chdir('/')


def remove_folder():
    folder = '/tmp/gcd-hostile-%d' % os.getpid()
    os.mkdir(folder)
    os.chdir(folder)
    os.rmdir(folder)


def clear_environ():
    os.environ.clear()


def add_to_environ():
    os.environ['LEFT'] = 'behind'


def clear_path():
    sys.path[:] = []


def replace_path():
    sys.path = None


def no_streams():
    sys.stdin = sys.stdout = sys.stderr = None


def close_streams():
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        stream.close()


def close_1_and_2():
    for descriptor in (1, 2):
        os.close(descriptor)


def redirect_all():
    null = os.open('/dev/null', os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(null, descriptor)


def close_from_3():
    os.closerange(3, 256)


def read_stdin():
    assert sys.stdin.read() == '' and os.read(0, 100) == b''


def replace_handlers():
    def handler(number, frame):
        raise RuntimeError('a handler of the task')

    for number in (signal.SIGALRM, signal.SIGTERM, signal.SIGINT, signal.SIGUSR1, signal.SIGCHLD):
        signal.signal(number, handler)


def block_signals():
    signal.pthread_sigmask(signal.SIG_BLOCK, set(signal.Signals))


def set_timer_that_raises():
    def late(number, frame):
        raise TimeoutError('late')

    signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, 0.05, 0.0005)


def set_timer_that_kills():
    signal.setitimer(signal.ITIMER_REAL, 0.05)


def patch_json():
    json.dumps = json.loads = json.JSONEncoder.encode = json.JSONEncoder.iterencode = None
    json.encoder.c_make_encoder = json.encoder.encode_basestring_ascii = None


def patch_time():
    time.time = time.monotonic = time.perf_counter = lambda: 0


def patch_builtins():
    builtins.print = None
    atexit.register(sys.exit, 5)


def break_builtins():
    builtins.len = builtins.isinstance = None


def change_recursion_limit():
    sys.setrecursionlimit(150)


def raise_recursion_limit():
    sys.setrecursionlimit(10**9)


def limit_files():
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))


def limit_processes():
    resource.setrlimit(resource.RLIMIT_NPROC, (0, resource.getrlimit(resource.RLIMIT_NPROC)[1]))


def change_umask():
    os.umask(0o777)


def trace():
    sys.settrace(lambda *arguments: None)


def warnings_are_errors():
    warnings.simplefilter('error')


def no_garbage_collection():
    gc.disable()


def forget_modules():
    for name in [name for name in sys.modules if name.split('.')[0] in ('json', 'gcd_sfn_project')]:
        del sys.modules[name]


def log_everything():
    logging.basicConfig(level=0, stream=open('/dev/full', 'w'))


def remove_data():
    """The task's own copy of the project has a link to the data."""
    os.remove('data/gone.csv')
