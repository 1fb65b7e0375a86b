"""Anything that can be raised."""
import asyncio
import sys


class OwnBase(BaseException):
    pass


class Unspeakable(Exception):
    def __str__(self):
        raise OwnBase('no text')

    __repr__ = __str__


class Unprintable(Exception):
    def __init__(self):
        super().__init__(object())

    def __str__(self):
        return 7

    @property
    def __cause__(self):
        raise ValueError('no cause')

    @property
    def __traceback__(self):
        raise ValueError('no traceback')


def value_error():
    raise ValueError('no good')


def system_exit():
    raise SystemExit('enough')


def sys_exit():
    sys.exit(4)


def sys_exit_zero():
    sys.exit(0)


def keyboard_interrupt():
    raise KeyboardInterrupt


def generator_exit():
    raise GeneratorExit


def stop_iteration():
    raise StopIteration


def cancelled():
    raise asyncio.CancelledError


def base_exception():
    raise OwnBase('not an Exception')


def recursion():
    recursion()


def no_text():
    raise Unspeakable


def no_anything():
    raise Unprintable()


def surrogate_text():
    raise ValueError('half \udce9 of a character')


def long_message():
    raise ValueError('x' * 20_000_000)


def cyclic_cause():
    one, other = ValueError('one'), ValueError('other')
    one.__cause__, other.__cause__ = other, one
    raise one


def deep_cause():
    error = ValueError('first')
    for number in range(5000):
        following = ValueError(str(number))
        following.__cause__ = error
        error = following
    raise error


def several_lines():
    raise ValueError('=1+1\n"quoted", and\r\nmore')
