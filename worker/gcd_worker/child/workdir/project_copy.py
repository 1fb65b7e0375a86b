"""Brings a project's files to the working directory of its tasks."""
import os
import stat
from collections import deque
from os import lstat, symlink

from .file_tree import copy_file, copy_link, list_folder, list_readable, remove

# What is larger, or comes when so much was copied, is a link to the project's own file.
MAX_FILE_COPY = 16 << 20
MAX_TOTAL_COPY = 64 << 20
# A folder with which there would be more entries is a link to the project's own folder.
MAX_ENTRIES = 10000

FOLDER, FILE, LINK, OTHER = 'folder', 'file', 'link', 'other'


def fingerprint(found):
    """Kind, number, size, time of change, permissions, of a status: those that say something of this kind."""
    mode = found.st_mode
    if stat.S_ISREG(mode):
        return FILE, found.st_ino, found.st_size, found.st_mtime_ns, stat.S_IMODE(mode)
    if stat.S_ISDIR(mode):
        return FOLDER, 0, 0, 0, stat.S_IMODE(mode)
    return LINK if stat.S_ISLNK(mode) else OTHER, found.st_ino, found.st_size, found.st_mtime_ns, 0


def copy_project(project, target_folder):
    """Makes the folder `target_folder` show what is in the folder `project`, breadth first; what is there already may be of use."""
    unchanged = _unchanged(project, target_folder)
    count = copied = 0
    folders = deque([''])
    while folders:
        folder = folders.popleft()
        entries = sorted(list_folder('%s/%s' % (project, folder)), key=lambda entry: entry.name)
        if folder and count + len(entries) > MAX_ENTRIES:
            _link('%s/%s' % (project, folder[:-1]), '%s/%s' % (target_folder, folder[:-1]))
            continue
        count += len(entries)
        try:
            os.mkdir('%s/%s' % (target_folder, folder))
        except FileExistsError:
            pass
        for entry in entries:
            path = folder + entry.name
            target = '%s/%s' % (target_folder, path)
            if entry.is_symlink():
                copy_link(entry.path, target, project)
            elif entry.is_dir():
                folders.append(path + '/')
            elif entry.is_file():
                most = min(MAX_FILE_COPY, MAX_TOTAL_COPY - copied)
                if path in unchanged or copy_file(entry.path, target, most):
                    size = entry.stat().st_size
                    copied += size if size <= most else 0
                else:
                    _link(entry.path, target)


def _link(source, target):
    remove(target)
    symlink(source, target)


def _unchanged(project, target_folder):
    """Paths of copies that are as they were made, which need no copying; everything else but folders is removed."""
    paths = set()
    folders = deque([''])
    try:
        while folders:
            folder = folders.popleft()
            for entry in list_readable('%s/%s' % (target_folder, folder)):
                path = folder + entry.name
                kind = _kind_of_copy('%s/%s' % (project, path), lstat(entry.path))
                if kind == FOLDER:
                    folders.append(path + '/')
                elif kind == FILE:
                    paths.add(path)
                else:
                    remove(entry.path)
    except OSError:
        # Nothing is there, or no folder, or one that is too deep.
        remove(target_folder)
        return set()
    return paths


def _kind_of_copy(source, found):
    """FOLDER or FILE, if this is the status of what a copy of `source` would be; else None."""
    try:
        given = fingerprint(lstat(source))
    except OSError:
        return None
    copy = fingerprint(found)
    if copy[0] == given[0] == FOLDER:
        return FOLDER
    same = copy[0] == given[0] == FILE and copy[2:] == given[2:4] + (given[4] & 0o777 | 0o600,)
    return FILE if same and found.st_nlink == 1 else None
