"""The working directory of a worker's tasks: a copy of the project, restored after each task.

A child creates it once. After a task, `has_changed` is one system call; `changed_files` lists the task's files, and `restore`
undoes its changes. The project is imported from there: a task that writes beside its code (`__file__`) writes here.
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
# A modification time that no change sets: clocks of file systems have steps of milliseconds, so two changes may share a time.
FIXED_TIME = 10 ** 18
# Seconds for an lstat; all entries are checked after tasks that took SHARE times as long.
LSTAT_SECONDS = 3e-6
SHARE = 50

# `mark`: fingerprint of the unchanged entry, None if it is not checked; `source`: the file or link target to restore it from.
Known = namedtuple('Known', 'mark source')


class DirectoryLost(Exception):
    """The directory itself was removed or replaced."""


class WorkingDirectory:
    """`path` is the directory, `project` the folder that it copies."""

    def __init__(self, project, path):
        self.path, self.project = path, project
        self._saved_folder = path + '.kept'
        self._known = {}
        self._folders = []
        self._inode = 0
        self._watch = None
        self.noticed = self._has_new_entries
        self._full_check_after = 0.0

    def create(self):
        """Creates it; keeps unchanged files of an earlier child. @raises Invalid"""
        try:
            os.makedirs(os.path.dirname(self.path), exist_ok=True)
            remove(self._saved_folder)
            copy_project(self.project, self.path)
            for path, found in self._walk():
                source = '%s/%s' % (self.project, path)
                if stat.S_ISLNK(found.st_mode):
                    source, found = self._dated(path)
                self._known[path] = Known(fingerprint(found), source)
        except OSError as error:
            text = 'The working directory of tasks, %s, cannot be created: %s.' % (self.path, error)
            raise Invalid('not-startable', text) from None

    def keep_imported_files(self):
        """After importing the project: files that it has left are there for every task. @raises Invalid"""
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
                        os.mkdir(self._saved_folder)
                    kept += 1
                    source = '%s/%d' % (self._saved_folder, kept)
                    copy_file(self.path_of(path), source)
                    mark = fingerprint(lstat(self.path_of(path)))
                else:
                    # Too large to restore: it stays as tasks leave it.
                    mark = None
            self._known[path] = Known(mark, source)
        self._inode = lstat(self.path).st_ino
        self._folders = [self.path] + [
            self.path_of(path) for path, known in self._known.items() if known.mark and known.mark[0] == FOLDER
        ]
        self._watch = new_watcher(self._folders, move_up)
        if self._watch is not None:
            self.noticed = self._watch.noticed
        self._mark_clean()
        self._full_check_after = max(0.001, LSTAT_SECONDS * SHARE * len(self._known))

    def has_changed(self, seconds):
        """Whether a task that took so many seconds has changed anything; long tasks are checked more thoroughly."""
        return bool(self.noticed()) or (seconds >= self._full_check_after and self._differs())

    def changed_files(self, max_files):
        """Files that a task has created or changed: (path, status, whether it is a file of the directory); stops above `max_files`.

        Includes links and special files. @raises DirectoryLost
        """
        self._check()
        found_files = []
        for path, found in self._walk():
            mark, known = fingerprint(found), self._known.get(path)
            if mark[0] == FOLDER or known is not None and (known.mark is None or known.mark[:4] == mark[:4]):
                continue
            found_files.append((path, found, known is not None and known.mark[:2] == mark[:2]))
            if len(found_files) > max_files:
                break
        return found_files

    def restore(self):
        """Undoes the changes of a task. @raises DirectoryLost, OSError"""
        self._check()
        seen, changed = set(), []
        folders = deque([''])
        while folders:
            folder = folders.popleft()
            for entry in list_readable(self.path_of(folder)):
                path = folder + entry.name
                known = self._known.get(path)
                if known is None:
                    if entry.name != IGNORED:
                        remove(self.path_of(path))
                    continue
                seen.add(path)
                mark = fingerprint(lstat(self.path_of(path)))
                if mark[0] == FOLDER:
                    folders.append(path + '/')
                if known.mark is not None and mark != known.mark:
                    changed.append(path)
        changed += [path for path, known in self._known.items() if path not in seen and known.mark is not None]
        # Folders come before their contents.
        for path in sorted(changed):
            self._restore(path, self._known[path])
        self._mark_clean()

    def path_of(self, path):
        """The path of an entry."""
        return '%s/%s' % (self.path, path) if path else self.path

    def _restore(self, path, known):
        at, kind = self.path_of(path), known.mark[0]
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
        """Sets a link's time, since its inode may be reused for another link; returns (target, status)."""
        utime(self.path_of(path), ns=(FIXED_TIME, FIXED_TIME), follow_symlinks=False)
        return readlink(self.path_of(path)), lstat(self.path_of(path))

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
            for entry in list_readable(self.path_of(folder)):
                if entry.name == IGNORED:
                    continue
                found = lstat(entry.path)
                yield folder + entry.name, found
                if stat.S_ISDIR(found.st_mode):
                    folders.append(folder + entry.name + '/')

    def _mark_clean(self):
        """Changes from now on are a task's."""
        for folder in self._folders:
            if lstat(folder).st_mtime_ns != FIXED_TIME:
                utime(folder, ns=(FIXED_TIME, FIXED_TIME))
        if self._watch is not None:
            self._watch.forget()

    def _has_new_entries(self):
        """Whether an entry was created or removed in one of the folders: works without inotify."""
        try:
            return any(lstat(folder).st_mtime_ns != FIXED_TIME for folder in self._folders)
        except OSError:
            return True

    def _differs(self):
        """Whether an entry was created, removed or changed."""
        if self._has_new_entries():
            return True
        try:
            return any(
                known.mark is not None and fingerprint(lstat(self.path_of(path))) != known.mark
                for path, known in self._known.items()
            )
        except OSError:
            return True
