"""The working directory of a worker's tasks: the project's files, for each task as the project has them.

It is made once in the life of a child. After a task, one look tells whether the task has left anything there; if it has,
`left` says which files, and `renew` makes the place what it was. The project is imported from there, too: so a task that
writes beside its own code (`__file__`) writes here.
"""
import os
import stat
from collections import deque, namedtuple
from os import chmod, lstat, readlink, symlink, utime

from ...protocol.invalid import Invalid
from ..descriptors import move_up
from .file_tree import copy_file, list_opened, make_folder, refill_file, remove
from .inotify import new_watch
from .project_copy import FILE, FOLDER, LINK, MOST_COPIED, MOST_ENTRIES, fill, mark_of

# Python writes these by itself.
IGNORED = '__pycache__'
# A time that no change gets: clocks of file systems go in steps of milliseconds, so that two changes may have the same.
LONG_AGO = 10 ** 18
# To look at an entry takes so many seconds; a task that took this many times as long does not notice it.
LOOK = 3e-6
SHARE = 50

# `mark` is what the entry looks like as long as nobody has touched it; None: nobody looks. `source` is what it is made of.
Known = namedtuple('Known', 'mark source')


class Lost(Exception):
    """The place itself is gone, or another folder is there."""


class Place:
    """`path` is the folder, `project` the folder whose files are seen in it."""

    def __init__(self, project, path):
        self.path, self.project = path, project
        self._kept = path + '.kept'
        self._known = {}
        self._folders = []
        self._inode = 0
        self._watch = None
        self.noticed = self._has_news
        self._worth = 0.0

    def make(self):
        """Makes it, of what an earlier child has left as far as that is untouched. @raises Invalid"""
        try:
            os.makedirs(os.path.dirname(self.path), exist_ok=True)
            remove(self._kept)
            fill(self.project, self.path)
            for path, found in self._walk():
                source = '%s/%s' % (self.project, path)
                if stat.S_ISLNK(found.st_mode):
                    source, found = self._dated(path)
                self._known[path] = Known(mark_of(found), source)
        except OSError as error:
            text = 'The working directory of tasks, %s, cannot be made: %s.' % (self.path, error)
            raise Invalid('not-startable', text) from None

    def imported(self):
        """The project was imported: what that has left is there for every task. @raises Invalid"""
        try:
            self._adopt()
        except OSError as error:
            text = 'What importing the project has left in %s cannot be kept: %s.' % (self.path, error)
            raise Invalid('not-startable', text) from None

    def _adopt(self):
        kept = copied = 0
        for path, found in self._walk():
            mark, known = mark_of(found), self._known.get(path)
            if known is not None and known.mark == mark:
                continue
            source = None
            if mark[0] == LINK:
                source, found = self._dated(path)
                mark = mark_of(found)
            elif mark[0] == FILE:
                copied += found.st_size
                if copied <= MOST_COPIED and kept < MOST_ENTRIES:
                    if not kept:
                        os.mkdir(self._kept)
                    kept += 1
                    source = '%s/%d' % (self._kept, kept)
                    copy_file(self.at(path), source)
                    mark = mark_of(lstat(self.at(path)))
                else:
                    # It cannot be brought back: it stays as tasks leave it.
                    mark = None
            self._known[path] = Known(mark, source)
        self._inode = lstat(self.path).st_ino
        self._folders = [self.path] + [
            self.at(path) for path, known in self._known.items() if known.mark and known.mark[0] == FOLDER
        ]
        self._watch = new_watch(self._folders, move_up)
        if self._watch is not None:
            self.noticed = self._watch.noticed
        self._settle()
        self._worth = max(0.001, LOOK * SHARE * len(self._known))

    def is_touched(self, seconds):
        """Whether a task that took so long has left anything; whatever was noticed, and more where looking costs it little."""
        return bool(self.noticed()) or (seconds >= self._worth and self._differs())

    def left(self, most):
        """Files that a task has made or changed: (path, status, whether the place goes on with it); a few more than `most` at most.

        Links and things that are no files are among them. @raises Lost
        """
        self._check()
        found_files = []
        for path, found in self._walk():
            mark, known = mark_of(found), self._known.get(path)
            if mark[0] == FOLDER or known is not None and (known.mark is None or known.mark[:4] == mark[:4]):
                continue
            found_files.append((path, found, known is not None and known.mark[:2] == mark[:2]))
            if len(found_files) > most:
                break
        return found_files

    def renew(self):
        """Makes it what it was before the task. @raises Lost, OSError"""
        self._check()
        seen, changed = set(), []
        folders = deque([''])
        while folders:
            folder = folders.popleft()
            for entry in list_opened(self.at(folder)):
                path = folder + entry.name
                known = self._known.get(path)
                if known is None:
                    if entry.name != IGNORED:
                        remove(self.at(path))
                    continue
                seen.add(path)
                mark = mark_of(lstat(self.at(path)))
                if mark[0] == FOLDER:
                    folders.append(path + '/')
                if known.mark is not None and mark != known.mark:
                    changed.append(path)
        changed += [path for path, known in self._known.items() if path not in seen and known.mark is not None]
        # Folders come before what is in them.
        for path in sorted(changed):
            self._restore(path, self._known[path])
        self._settle()

    def at(self, path):
        """Where this entry is."""
        return '%s/%s' % (self.path, path) if path else self.path

    def _restore(self, path, known):
        at, kind = self.at(path), known.mark[0]
        try:
            now = mark_of(lstat(at))
        except FileNotFoundError:
            now = (None, 0)
        if kind == FOLDER:
            if now[0] != FOLDER:
                make_folder(at)
            chmod(at, known.mark[4])
            if self._watch is not None:
                self._watch.add(at)
        elif now[:4] == known.mark[:4]:
            chmod(at, known.mark[4])
        elif kind == FILE and now[:2] == known.mark[:2]:
            refill_file(known.source, at)
        else:
            remove(at)
            if kind == LINK:
                symlink(known.source, at)
                self._dated(path)
            elif kind == FILE:
                copy_file(known.source, at)
            else:
                return
        self._known[path] = Known(mark_of(lstat(at)), known.source)

    def _dated(self, path):
        """Gives a link, whose number may be used again for another one, a time of its own: (its target, its status)."""
        utime(self.at(path), ns=(LONG_AGO, LONG_AGO), follow_symlinks=False)
        return readlink(self.at(path)), lstat(self.at(path))

    def _check(self):
        try:
            if lstat(self.path).st_ino == self._inode:
                return
        except OSError:
            pass
        raise Lost

    def _walk(self):
        """(path, status) of each entry, a folder before what is in it."""
        folders = deque([''])
        while folders:
            folder = folders.popleft()
            for entry in list_opened(self.at(folder)):
                if entry.name == IGNORED:
                    continue
                found = lstat(entry.path)
                yield folder + entry.name, found
                if stat.S_ISDIR(found.st_mode):
                    folders.append(folder + entry.name + '/')

    def _settle(self):
        """From now on, whatever differs is a task's."""
        for folder in self._folders:
            if lstat(folder).st_mtime_ns != LONG_AGO:
                utime(folder, ns=(LONG_AGO, LONG_AGO))
        if self._watch is not None:
            self._watch.forget()

    def _has_news(self):
        """Whether anything was made or removed in one of the folders: what can be told without a watch."""
        try:
            return any(lstat(folder).st_mtime_ns != LONG_AGO for folder in self._folders)
        except OSError:
            return True

    def _differs(self):
        """Whether anything was made, removed or changed."""
        if self._has_news():
            return True
        try:
            return any(
                known.mark is not None and mark_of(lstat(self.at(path))) != known.mark
                for path, known in self._known.items()
            )
        except OSError:
            return True
