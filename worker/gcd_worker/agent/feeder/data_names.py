"""Names of data files. Those of a folder that was copied to the stack's bucket differ from their keys."""
import re

COPIED_FOLDER = re.compile(r'(data/[0-9A-Za-z][0-9A-Za-z._-]{0,99}/)[0-9a-f]{64}/')
DIGEST = re.compile(r'[0-9a-f]{64}/')


class DataNames:
    """Batches name files by their keys. The user's code sees the names that they had in the folder."""

    def __init__(self, data_bucket, own):
        """`data_bucket` is that of the request's config, `own` the stack's bucket."""
        found = COPIED_FOLDER.fullmatch(data_bucket['prefix']) if data_bucket['bucket'] == own else None
        self._objects = None if found is None else found.group(1) + 'objects/'
        self._keys = {}

    @property
    def is_copied_folder(self):
        """Whether names differ from keys."""
        return self._objects is not None

    def of_tasks(self, tasks):
        """The tasks of a batch, with names in place of keys."""
        return [[*task[:2], self._name(task[2]), *task[3:]] for task in tasks] if self.is_copied_folder else tasks

    def of_tables(self, tables):
        """`tables` of a batch (PROTOCOL.md), with names in place of keys."""
        if not self.is_copied_folder:
            return tables
        return dict(tables, of={self._name(key): number for key, number in tables['of'].items()})

    def key(self, name):
        """The key of a file that a task names."""
        return self._keys.get(name, name)

    def _name(self, key):
        rest = key[len(self._objects) :] if key.startswith(self._objects) else ''
        digest = DIGEST.match(rest)
        if digest is None:
            return key
        name = rest[digest.end() :]
        self._keys[name] = key
        return name
