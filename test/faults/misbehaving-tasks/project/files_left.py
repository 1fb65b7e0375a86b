"""Files of all kinds that a task leaves as its output."""
import os
import socket
import threading
import time


def _write(path, text='x'):
    with open(path, 'w') as file:
        file.write(text)


def too_large():
    with open('large', 'wb') as file:
        for _ in range(60):
            file.write(b'x' * (1 << 20))


def sparse_and_huge():
    with open('sparse', 'wb') as file:
        file.truncate(10 << 40)


def names_that_differ_in_case():
    _write('A.txt', 'A')
    _write('a.txt', 'a')
    os.mkdir('D')
    _write('D/x')
    _write('d')


def names_as_long_as_may_be():
    _write('n' * 255)
    _write('é' * 127)


def folders_in_folders():
    for _ in range(60):
        os.mkdir('f' * 60)
        os.chdir('f' * 60)
    _write('x')


def names_of_all_kinds():
    for name in (b'\xff', b'new\nline', b'CON', b'a:b', b' x ', b'..x', b'-rf', b'=1+1', b'.hidden', b'.gcd-sfn', b'\x1b[31m'):
        _write(name)


def no_files_at_all():
    os.mkfifo('fifo')
    socket.socket(socket.AF_UNIX).bind('socket')
    os.symlink('/etc/passwd', 'link')
    os.symlink('.', 'loop')
    os.mkdir('empty')
    _write('file.txt')


def hard_links():
    _write('one')
    os.link('one', 'two')
    os.link('sound.py', 'copy.py')


def still_written():
    file = open('still.txt', 'w')
    file.write('first\n')
    file.flush()

    def write():
        for _ in range(50):
            file.write('more\n')
            file.flush()
            time.sleep(0.01)

    threading.Thread(target=write, daemon=True).start()


def from_elsewhere():
    here = os.getcwd()
    os.chdir('/')
    _write(os.path.join(here, 'from-elsewhere.txt'))


def thousands():
    for number in range(2000):
        _write('f%d' % number, '')
