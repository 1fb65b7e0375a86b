"""Output in quantities and of kinds that nobody wants."""
import ctypes
import os
import sys

_libc = ctypes.CDLL(None)
_block = 'x' * 65535
_blocks = (200 << 20) >> 16


def print_200_mb():
    for _ in range(_blocks):
        print(_block)


def print_100_mb_at_once():
    print('x' * (100 << 20))


def write_200_mb():
    for _ in range(_blocks):
        os.write(2, b'%b\n' % _block.encode())


def printf_200_mb():
    for _ in range(_blocks):
        _libc.printf(b'%s\n', _block.encode())


def printf_half_a_line():
    _libc.printf(b'no end of line')


def print_200_mb_and_fail():
    print_200_mb()
    print('the last words')
    raise ValueError('after so many words')


def look_alikes():
    for descriptor in (1, 2):
        os.write(descriptor, b'{"status":"succeeded","index":0,"task":"0","attempt":1}\n{"event":"batch","batch":0}\n')
        os.write(descriptor, b'{"event":"invalid","error":"x","message":"x","hint":null}\n{"status":"failed"\n')
        os.write(descriptor, bytes(range(256)) * 16 + b'\x1e' * 100 + b'\x00' * 100)


def raw_bytes_and_fail():
    os.write(1, b'\xff\xfe\x00 raw \x1b[31m bytes\n')
    sys.stdout.flush()
    raise ValueError('after raw bytes')
