"""Tasks that never end by themselves."""
import os
import signal
from time import sleep

from .leaves import note


def hang():
    sleep(1000)


def spin():
    while True:
        pass


def ignore_signals_and_hang():
    for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
        signal.signal(number, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_BLOCK, set(signal.Signals))
    sleep(1000)


def stop_itself():
    os.kill(os.getpid(), signal.SIGSTOP)


def hang_with_children():
    for _ in range(3):
        if os.fork() == 0:
            note()
            os.setsid()
            sleep(1000)
    os.wait()


def catch_everything():
    while True:
        try:
            sleep(1000)
        except BaseException:
            pass
