"""Uploads the output files of tasks, before the part whose records name them.

So a record in the bucket never names a missing file. Like the parts, they are on the pod's disk and outlive a container.
"""
import json
import os
import shutil
from concurrent.futures import ThreadPoolExecutor

from ...protocol.records import record_of
from ..log import log

FILES_KEY = b'"files":{"at":'
CONCURRENCY = 4


def files_of(line):
    """(folder, [bytes, …]) of the files that a record names; None when it names none."""
    if FILES_KEY not in line or not record_of(line):
        return None
    files = json.loads(line.decode('utf-8', 'replace')).get('files')
    return files and (files['at'], [size for _, size in files['list']])


def bytes_in(lines):
    """Bytes of all files that these lines name."""
    named = filter(None, map(files_of, lines))
    return sum(sum(sizes) for _, sizes in named)


class OutputUploads:
    """`folder` is the supervisor's `outputs`."""

    def __init__(self, cloud, environment):
        self.folder = environment.path('outputs')
        self._cloud, self._environment = cloud, environment

    def upload(self, name, path):
        """Uploads the files that a part names, then the part; returns a function that deletes the files here. @raises CloudError

        `name` is the part's key below `parts/`, `path` its file.
        """
        with open(path, 'rb') as part:
            named = [files for files in map(files_of, part) if files]
        with ThreadPoolExecutor(CONCURRENCY) as pool:
            files = [(at, number) for at, sizes in named for number in range(len(sizes))]
            for _ in pool.map(lambda each: self._upload_file(*each), files):
                pass
        with open(path, 'rb') as part:
            self._cloud.write(self._environment.key('parts/' + name), part)
        return lambda: self._remove(at for at, _ in named)

    def remove_orphans(self, parts):
        """Removes files that no part here names: their record was never written, or is uploaded."""
        named = set()
        for path in parts:
            with open(path, 'rb') as part:
                named.update(files[0] for files in map(files_of, part) if files)
        try:
            existing = os.listdir(self.folder)
        except FileNotFoundError:
            return
        self._remove(at for at in existing if at not in named)

    def _upload_file(self, at, number):
        path = os.path.join(self.folder, at, str(number))
        try:
            self._cloud.upload(self._environment.key('outputs/%s/%d' % (at, number)), path)
        except FileNotFoundError:
            # A task has removed it. The results report it as missing.
            log('an output file was removed before its upload: %s', path)

    def _remove(self, folders):
        for at in folders:
            shutil.rmtree(os.path.join(self.folder, at), ignore_errors=True)
