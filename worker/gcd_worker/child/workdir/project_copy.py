"""Copies a project to the working directory of tasks: small files as copies, large ones as links."""
import os
import stat
from collections import deque
from os import lstat, symlink

from .file_tree import copy_file, copy_link, list_folder, list_readable, remove

# Bytes. A larger file, or one beyond the total, becomes a link to the project's file.
MAX_FILE_COPY = 16 << 20
MAX_TOTAL_COPY = 64 << 20
# A folder with which there would be more entries becomes a link to the project's folder.
MAX_ENTRIES = 10000

FOLDER, FILE, LINK, OTHER = 'folder', 'file', 'link', 'other'


def fingerprint(found):
    """(kind, inode, size, modification time, permissions) of a status, as far as they matter for the kind."""
    mode = found.st_mode
    if stat.S_ISREG(mode):
        return FILE, found.st_ino, found.st_size, found.st_mtime_ns, stat.S_IMODE(mode)
    if stat.S_ISDIR(mode):
        return FOLDER, 0, 0, 0, stat.S_IMODE(mode)
    return LINK if stat.S_ISLNK(mode) else OTHER, found.st_ino, found.st_size, found.st_mtime_ns, 0


def copy_project(project, target_folder):
    """Fills `target_folder` with the files of `project`, breadth first; keeps copies that are unchanged."""
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
                max_size = min(MAX_FILE_COPY, MAX_TOTAL_COPY - copied)
                if path in unchanged or copy_file(entry.path, target, max_size):
                    size = entry.stat().st_size
                    copied += size if size <= max_size else 0
                else:
                    _link(entry.path, target)


def _link(source, target):
    remove(target)
    symlink(source, target)


def _unchanged(project, target_folder):
    """Paths of copies that are unchanged; removes everything else except folders."""
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
        # It does not exist, is no folder, or is too deep.
        remove(target_folder)
        return set()
    return paths


def _kind_of_copy(source, found):
    """FOLDER or FILE if this is the status of an unchanged copy of `source`; else None."""
    try:
        given = fingerprint(lstat(source))
    except OSError:
        return None
    copy = fingerprint(found)
    if copy[0] == given[0] == FOLDER:
        return FOLDER
    same = copy[0] == given[0] == FILE and copy[2:] == given[2:4] + (given[4] & 0o777 | 0o600,)
    return FILE if same and found.st_nlink == 1 else None
