"""The working directory of a worker's tasks: the project's files, for each task as the project has them.

It is made once in the life of a child. After a task, one look tells whether the task has left anything there; if it has,
`left` says which files, and `renew` makes the directory what it was. The project is imported from there, too: so a task that
writes beside its own code (`__file__`) writes here.
"""
import os
import stat
from collections import deque, namedtuple
from os import chmod, lstat, readlink, symlink, utime

from ...protocol.invalid import Invalid
from ..descriptors import move_up
from .file_tree import copy_file, list_readable, make_folder, refill_file, remove
from .inotify import new_watcher
from .project_copy import FILE, FOLDER, LINK, MAX_ENTRIES, MAX_TOTAL_COPY, copy_project, fingerprint

# Python writes these by itself.
IGNORED = '__pycache__'
# A time that no change gets: clocks of file systems go in steps of milliseconds, so that two changes may have the same.
FIXED_TIME = 10 ** 18
# To look at an entry takes so many seconds; a task that took this many times as long does not notice it.
LSTAT_SECONDS = 3e-6
SHARE = 50

# `mark` is what the entry looks like as long as nobody has called it; None: nobody looks. `source` is what it is made of.
Known = namedtuple('Known', 'mark source')


class DirectoryLost(Exception):
    """The directory itself is gone, or another folder is there."""


class WorkingDirectory:
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
        """Makes it, of what an earlier child has left as far as that is unchanged. @raises Invalid"""
        try:
            os.makedirs(os.path.dirname(self.path), exist_ok=True)
            remove(self._kept)
            copy_project(self.project, self.path)
            for path, found in self._walk():
                source = '%s/%s' % (self.project, path)
                if stat.S_ISLNK(found.st_mode):
                    source, found = self._dated(path)
                self._known[path] = Known(fingerprint(found), source)
        except OSError as error:
            text = 'The working directory of tasks, %s, cannot be made: %s.' % (self.path, error)
            raise Invalid('not-startable', text) from None

    def keep_imported_files(self):
        """The project was imported: what that has left is there for every task. @raises Invalid"""
        try:
            self._adopt()
        except OSError as error:
            text = 'What importing the project has left in %s cannot be kept: %s.' % (self.path, error)
            raise Invalid('not-startable', text) from None

    def _adopt(self):
        kept = copied = 0
        for path, found in self._walk():
            mark, known = fingerprint(found), self._known.get(path)
            if known is not None and known.mark == mark:
                continue
            source = None
            if mark[0] == LINK:
                source, found = self._dated(path)
                mark = fingerprint(found)
            elif mark[0] == FILE:
                copied += found.st_size
                if copied <= MAX_TOTAL_COPY and kept < MAX_ENTRIES:
                    if not kept:
                        os.mkdir(self._kept)
                    kept += 1
                    source = '%s/%d' % (self._kept, kept)
                    copy_file(self.at(path), source)
                    mark = fingerprint(lstat(self.at(path)))
                else:
                    # It cannot be brought back: it stays as tasks leave it.
                    mark = None
            self._known[path] = Known(mark, source)
        self._inode = lstat(self.path).st_ino
        self._folders = [self.path] + [
            self.at(path) for path, known in self._known.items() if known.mark and known.mark[0] == FOLDER
        ]
        self._watch = new_watcher(self._folders, move_up)
        if self._watch is not None:
            self.noticed = self._watch.noticed
        self._settle()
        self._worth = max(0.001, LSTAT_SECONDS * SHARE * len(self._known))

    def has_changed(self, seconds):
        """Whether a task that took so long has left anything; whatever was noticed, and more where looking costs it little."""
        return bool(self.noticed()) or (seconds >= self._worth and self._differs())

    def changed_files(self, most):
        """Files that a task has made or changed: (path, status, whether the directory goes on with it); a few more than `most` at most.

        Links and things that are no files are among them. @raises DirectoryLost
        """
        self._check()
        found_files = []
        for path, found in self._walk():
            mark, known = fingerprint(found), self._known.get(path)
            if mark[0] == FOLDER or known is not None and (known.mark is None or known.mark[:4] == mark[:4]):
                continue
            found_files.append((path, found, known is not None and known.mark[:2] == mark[:2]))
            if len(found_files) > most:
                break
        return found_files

    def restore(self):
        """Makes it what it was before the task. @raises DirectoryLost, OSError"""
        self._check()
        seen, changed = set(), []
        folders = deque([''])
        while folders:
            folder = folders.popleft()
            for entry in list_readable(self.at(folder)):
                path = folder + entry.name
                known = self._known.get(path)
                if known is None:
                    if entry.name != IGNORED:
                        remove(self.at(path))
                    continue
                seen.add(path)
                mark = fingerprint(lstat(self.at(path)))
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
            now = fingerprint(lstat(at))
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
        self._known[path] = Known(fingerprint(lstat(at)), known.source)

    def _dated(self, path):
        """Gives a link, whose number may be used again for another one, a time of its own: (its target, its status)."""
        utime(self.at(path), ns=(FIXED_TIME, FIXED_TIME), follow_symlinks=False)
        return readlink(self.at(path)), lstat(self.at(path))

    def _check(self):
        try:
            if lstat(self.path).st_ino == self._inode:
                return
        except OSError:
            pass
        raise DirectoryLost

    def _walk(self):
        """(path, status) of each entry, a folder before what is in it."""
        folders = deque([''])
        while folders:
            folder = folders.popleft()
            for entry in list_readable(self.at(folder)):
                if entry.name == IGNORED:
                    continue
                found = lstat(entry.path)
                yield folder + entry.name, found
                if stat.S_ISDIR(found.st_mode):
                    folders.append(folder + entry.name + '/')

    def _settle(self):
        """From now on, whatever differs is a task's."""
        for folder in self._folders:
            if lstat(folder).st_mtime_ns != FIXED_TIME:
                utime(folder, ns=(FIXED_TIME, FIXED_TIME))
        if self._watch is not None:
            self._watch.forget()

    def _has_news(self):
        """Whether anything was made or removed in one of the folders: what can be told without a watch."""
        try:
            return any(lstat(folder).st_mtime_ns != FIXED_TIME for folder in self._folders)
        except OSError:
            return True

    def _differs(self):
        """Whether anything was made, removed or changed."""
        if self._has_news():
            return True
        try:
            return any(
                known.mark is not None and fingerprint(lstat(self.at(path))) != known.mark
                for path, known in self._known.items()
            )
        except OSError:
            return True
