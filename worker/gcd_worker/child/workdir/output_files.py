"""Keeps the files that a task has written to its working directory, and names them in its record.

They become `<outputs>/<at>/0`, `1` and so on: the task's names may be anything, and are in the record only. A folder `at` is
of one attempt, and its name is never reused.
"""
import errno
import os
import re
import stat
from collections import deque
from os import chmod, close, fsync, lstat, mkdir, rename
from os import open as open_file
from time import sleep

from ...protocol.json_encoder import JSONEncoder
from ...protocol.messages import Failure
from .file_tree import copy_file, remove, start_writeback
from .working_directory import DirectoryLost

MAX_BYTES = 1 << 30
MAX_FILES = 10000
# At most so many refused files, or largest ones, are named.
NAMED = 5

_encode = JSONEncoder(separators=(',', ':')).encode


class OutputFiles:
    """For one child. Without a working directory, tasks run in the project and no files are kept."""

    def __init__(self, settings, directory):
        self._directory = directory
        self._folder = settings.get('outputs')
        self._max_bytes = settings.get('max_output_bytes') or MAX_BYTES
        self._room = settings.get('output_room')
        worker = re.sub('[^A-Za-z0-9.-]', '_', settings.get('worker') or 'worker')
        self._name = '%s-%s-%%d' % (worker, os.urandom(8).hex())
        self._count = 0
        self._waiting = deque()

    @property
    def noticed(self):
        """A fast function whose result is not empty if the task may have left files."""
        return tuple if self._directory is None else self._directory.noticed

    def collect(self, seconds, is_wanted, say):
        """After a task of so many seconds: (text for its record, Failure or None, whether the directory is restored).

        `is_wanted`: the files are kept; otherwise they are removed. `say` prints in the task's name.
        """
        directory = self._directory
        if directory is None or not directory.has_changed(seconds):
            return '', None, True
        failure, text = None, ''
        try:
            if is_wanted and self._folder is not None:
                text = self._kept(directory.changed_files(MAX_FILES), say)
        except Failure as refused:
            failure = refused
        except DirectoryLost:
            return '', None, False
        except OSError as error:
            failure = Failure('bad-result', 'OutputNotKept', 'The files that the task has written cannot be kept: %s' % error)
        try:
            directory.restore()
        except (DirectoryLost, OSError):
            return text, failure, False
        return text, failure, True

    def wait_for_room(self, is_over):
        """Waits until enough earlier files are uploaded, if `output_room` limits them."""
        if self._room is None:
            return
        while sum(size for _, size in self._waiting) > self._room and not is_over():
            while self._waiting and not os.path.exists(self._waiting[0][0]):
                self._waiting.popleft()
            sleep(0.02)

    def _kept(self, left, say):
        if len(left) > MAX_FILES:
            raise _too_large('more than %d files' % MAX_FILES)
        chosen, refused = [], []
        for path, found, is_shared in sorted(left):
            if stat.S_ISREG(found.st_mode):
                chosen.append((path, found.st_size, self._directory.path_of(path), is_shared or found.st_nlink > 1))
                continue
            target = self._target(path) if stat.S_ISLNK(found.st_mode) else None
            if target is None:
                what = 'a link that leads to no file in the working directory' if stat.S_ISLNK(found.st_mode) else 'no file'
                refused.append('%a (%s)' % (path, what))
            else:
                chosen.append((path, lstat(target).st_size, target, True))
        if refused:
            more = ' and %d more' % (len(refused) - NAMED) if len(refused) > NAMED else ''
            say('gcd-sfn: not taken as output: %s%s\n' % (', '.join(refused[:NAMED]), more))
        total = sum(size for _, size, *_ in chosen)
        if total > self._max_bytes:
            largest = sorted(chosen, key=lambda each: -each[1])[:NAMED]
            named = ', '.join('%a (%d bytes)' % each[:2] for each in largest)
            raise _too_large('%d bytes; max_output_bytes is %d. The largest: %s' % (total, self._max_bytes, named))
        return self._move(chosen, total) if chosen else ''

    def _target(self, path):
        """The regular file in the directory to which a link leads; None if it leads elsewhere."""
        target, root = os.path.realpath(self._directory.path_of(path)), os.path.realpath(self._directory.path)
        if not target.startswith(root + '/'):
            return None
        try:
            return target if stat.S_ISREG(lstat(target).st_mode) else None
        except OSError:
            return None

    def _move(self, chosen, total):
        at = self._name % self._count
        self._count += 1
        folder = '%s/%s' % (self._folder, at)
        try:
            mkdir(folder)
        except FileNotFoundError:
            os.makedirs(folder)
        try:
            # Links first: their targets are moved.
            order = sorted(range(len(chosen)), key=lambda number: not chosen[number][3])
            for number in order:
                path, _, source, is_copied = chosen[number]
                _take(source, '%s/%d' % (folder, number), is_copied)
            _make_durable(['%s/%d' % (folder, number) for number in order] + [folder])
        except OSError:
            remove(folder)
            raise
        self._waiting.append((folder, total))
        files = [[os.fsencode(path).decode('utf-8', 'surrogateescape'), size] for path, size, *_ in chosen]
        return ',"files":%s' % _encode({'at': at, 'list': files})


def _take(source, target, is_copied):
    if not is_copied:
        try:
            rename(source, target)
            chmod(target, stat.S_IMODE(lstat(target).st_mode) & 0o777 | 0o600)
            return
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
    copy_file(source, target)


def _make_durable(paths):
    """Syncs the files, before the record that names them is written."""
    # Writing starts for all of them before one is waited for: that takes a twentieth of the time.
    for act in (start_writeback, fsync):
        for path in paths:
            descriptor = open_file(path, os.O_RDONLY | os.O_CLOEXEC)
            try:
                act(descriptor)
            finally:
                close(descriptor)


def _too_large(what):
    text = (
        'The files that the task has left in its working directory are too many or too large to be kept as its output: %s. '
        'Remove what is no output before the task ends, or raise max_output_bytes.'
    )
    return Failure('bad-result', 'OutputTooLarge', text % what)
