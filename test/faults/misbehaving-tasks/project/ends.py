"""Every way for a process to end itself."""
import ctypes
import os
import signal


def exit_0():
    os._exit(0)


def exit_3():
    os._exit(3)


def c_exit():
    ctypes.CDLL(None).exit(5)


def segfault():
    ctypes.string_at(1)


def abort():
    os.abort()


def kill_itself():
    os.kill(os.getpid(), signal.SIGKILL)


def terminate_itself():
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.kill(os.getpid(), signal.SIGTERM)
    signal.pause()


def kill_its_group():
    os.killpg(0, signal.SIGKILL)


def replace_itself():
    os.execv('/bin/true', ['true'])


def close_everything():
    os.closerange(0, 65536)


def close_everything_and_reopen():
    os.closerange(0, 65536)
    for _ in range(1100):
        os.open('/dev/null', os.O_RDWR)
