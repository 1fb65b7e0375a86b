"""Data that was copied from a folder: what its files are called there, and where they lie in the stack's bucket."""
import re

PLACE = re.compile(r'(data/[0-9A-Za-z][0-9A-Za-z._-]{0,99}/)[0-9a-f]{64}/')
DIGEST = re.compile(r'[0-9a-f]{64}/')


class DataNames:
    """Tasks name files by their keys in the bucket; the code is to see them by the names that they have in the folder."""

    def __init__(self, data_bucket, own):
        """`data_bucket` is that of the request's config, `own` the stack's bucket."""
        found = PLACE.fullmatch(data_bucket['prefix']) if data_bucket['bucket'] == own else None
        self._before = None if found is None else found.group(1) + 'objects/'
        self._keys = {}

    @property
    def are_of_a_folder(self):
        """Whether files have other names than their keys."""
        return self._before is not None

    def known(self, tasks):
        """Tasks as a batch has them, with their files by name."""
        return [[*task[:2], self._name(task[2]), *task[3:]] for task in tasks] if self.are_of_a_folder else tasks

    def of_tables(self, tables):
        """How pandas reads the files of a batch (PROTOCOL.md), by their names."""
        if not self.are_of_a_folder:
            return tables
        return dict(tables, of={self._name(key): place for key, place in tables['of'].items()})

    def key(self, name):
        """Of a file that a task named."""
        return self._keys.get(name, name)

    def _name(self, key):
        rest = key[len(self._before) :] if key.startswith(self._before) else ''
        digest = DIGEST.match(rest)
        if digest is None:
            return key
        name = rest[digest.end() :]
        self._keys[name] = key
        return name
