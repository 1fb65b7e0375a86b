"""Files that tasks have left, on their way to the bucket: before the part whose records name them.

So a record in the bucket never names what is not there. They lie on the pod's disk like the parts, and outlive a container
as these do.
"""
import json
import os
import shutil
from concurrent.futures import ThreadPoolExecutor

from ...protocol.records import record_of
from ..log import log

MARK = b'"files":{"at":'
CONCURRENCY = 4


def files_of(line):
    """(folder, [bytes, …]) of the files that a record names; None when it names none."""
    if MARK not in line or not record_of(line):
        return None
    files = json.loads(line.decode('utf-8', 'replace')).get('files')
    return files and (files['at'], [size for _, size in files['list']])


def bytes_in(lines):
    """Of all files that these lines name, together."""
    named = filter(None, map(files_of, lines))
    return sum(sum(sizes) for _, sizes in named)


class OutputUploads:
    """`folder` is where the supervisor keeps them."""

    def __init__(self, cloud, environment):
        self.folder = environment.path('outputs')
        self._cloud, self._environment = cloud, environment

    def upload(self, name, path):
        """Writes what a part names to the bucket, then the part itself; a function that frees the disk of it. @raises CloudError

        `name` is the part's below `parts/`, `path` where it is.
        """
        with open(path, 'rb') as part:
            named = [files for files in map(files_of, part) if files]
        with ThreadPoolExecutor(CONCURRENCY) as pool:
            places = [(at, place) for at, sizes in named for place in range(len(sizes))]
            for _ in pool.map(lambda each: self._upload_file(*each), places):
                pass
        with open(path, 'rb') as part:
            self._cloud.write(self._environment.key('parts/' + name), part)
        return lambda: self._remove(at for at, _ in named)

    def remove_orphans(self, parts):
        """Removes what no part that is still here names: its task's record was never written, or is in the bucket."""
        named = set()
        for path in parts:
            with open(path, 'rb') as part:
                named.update(files[0] for files in map(files_of, part) if files)
        try:
            there = os.listdir(self.folder)
        except FileNotFoundError:
            return
        self._remove(at for at in there if at not in named)

    def _upload_file(self, at, place):
        path = os.path.join(self.folder, at, str(place))
        try:
            self._cloud.upload(self._environment.key('outputs/%s/%d' % (at, place)), path)
        except FileNotFoundError:
            # Somebody's code has removed it. The results will say that it is missing.
            log('a file that a task has left is not there any more: %s', path)

    def _remove(self, folders):
        for at in folders:
            shutil.rmtree(os.path.join(self.folder, at), ignore_errors=True)
