"""What a task may leave running behind it. Every process is noted down, so that it can be looked for afterwards."""
import os
import signal
import subprocess
import sys
import threading
from time import sleep


def note(pid=None):
    with open(os.environ['STARTED'], 'a') as file:
        file.write('%d\n' % (pid or os.getpid()))


def fork_child():
    pid = os.fork()
    if pid == 0:
        sleep(1000)
    note(pid)


def fork_daemon():
    _fork_daemon()


def fork_daemon_that_ignores_signals():
    _fork_daemon(lambda: [signal.signal(number, signal.SIG_IGN) for number in (signal.SIGTERM, signal.SIGHUP)])


def _fork_daemon(prepare=lambda: None):
    ready, told = os.pipe()
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            prepare()
            note()
            os.write(told, b'.')
            os.closerange(0, 64)
            sleep(1000)
        os._exit(0)
    os.wait()
    os.read(ready, 1)


def daemon_without_environment():
    program = 'import time; time.sleep(1000)'
    note(subprocess.Popen([sys.executable, '-c', program], env={}, start_new_session=True).pid)


def fork_child_that_prints():
    pid = os.fork()
    while pid == 0:
        os.write(1, b'a child prints\n')
        sleep(0.01)
    note(pid)


def fork_stopped_child():
    pid = os.fork()
    while pid == 0:
        os.kill(os.getpid(), signal.SIGSTOP)
    note(pid)


def fork_and_return_twice():
    os.fork()


def fork_and_raise_twice():
    if os.fork() == 0:
        raise ValueError('in the copy')


def fork_and_exit():
    if os.fork() == 0:
        sys.exit(3)
    os.wait()


def endless_threads():
    def work():
        while True:
            sleep(0.001)

    for daemon in (True, False):
        threading.Thread(target=work, daemon=daemon).start()


def thread_that_raises():
    thread = threading.Thread(target=lambda: 1 // 0)
    thread.start()
    thread.join()


def thread_that_ends_the_process_later():
    def work():
        sleep(0.05)
        os._exit(9)

    threading.Thread(target=work, daemon=True).start()
    sleep(1)
