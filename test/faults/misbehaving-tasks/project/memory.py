"""Tasks that want more memory than a worker may use."""
import os
from time import sleep

from .leaves import note


def eat():
    eaten = []
    while True:
        eaten.append(bytearray(b'x') * (16 << 20))
        sleep(0.005)


def eat_fast():
    eaten = []
    while True:
        eaten.append(bytearray(b'x') * (64 << 20))


def eat_at_once():
    bytearray(1 << 40)


def eat_in_child():
    pid = os.fork()
    if pid == 0:
        note()
        eat()
    os.waitpid(pid, 0)
