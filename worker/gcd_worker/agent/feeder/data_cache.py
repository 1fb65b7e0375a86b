"""Data files of the bucket, downloaded ahead of the tasks that need them, and kept while there is room."""
import os
import shutil
import threading
from collections import OrderedDict

from ..backoff import Backoff
from ..cloud import AccessDenied, CloudError, NotFound
from ..log import log
from .file_paths import FilePaths

CONCURRENCY = 4


class DataCache:
    """A user of files calls `want` with all of them in order, `take` for each, and `release` after use."""

    def __init__(self, cloud, bucket, folder, limit, pace, on_change, key_of=lambda name: name):
        """`limit`: bytes. `on_change` is called after each download. `key_of` gives the key of a file."""
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(os.path.join(folder, 'partial'))
        self._cloud, self._bucket, self._folder, self._pace, self._on_change = cloud, bucket, folder, pace, on_change
        self._paths, self._key_of = FilePaths(folder), key_of
        self._limit = limit
        self._changed = threading.Condition()
        self._wanted = []
        self._downloading = {}
        # (path, bytes) by key; least recently used first.
        self._cached = OrderedDict()
        self._failed = {}
        self._held = {}
        self._downloads = 0
        for _ in range(CONCURRENCY):
            threading.Thread(target=self._work, daemon=True).start()

    @property
    def root(self):
        """The folder below which a file has its key as its path, if it can."""
        return self._paths.named_folder

    def want(self, keys):
        """Downloads these files, in this order, and no others."""
        with self._changed:
            self._wanted = list(OrderedDict.fromkeys(keys))
            # A file that failed is tried again when it is wanted again.
            self._failed = {key: why for key, why in self._failed.items() if key in self._wanted}
            self._changed.notify_all()

    def take(self, key):
        """{'path': …} or {'error': …, 'message': …}, as in an order's `data`; None while the file is not downloaded."""
        with self._changed:
            if key in self._failed:
                return self._failed[key]
            if key not in self._cached:
                return None
            self._cached.move_to_end(key)
            self._held[key] = self._held.get(key, 0) + 1
            return {'path': self._cached[key][0]}

    def release(self, key):
        """A file that was taken is no longer needed."""
        with self._changed:
            if key in self._held:
                self._held[key] -= 1
                if self._held[key] == 0:
                    del self._held[key]
            self._changed.notify_all()

    def _work(self):
        backoff = Backoff(self._pace)
        while True:
            with self._changed:
                key = self._next()
                while key is None:
                    self._changed.wait()
                    key = self._next()
                self._downloading[key] = 0
                self._downloads += 1
                partial = os.path.join(self._folder, 'partial', str(self._downloads))
            pause = 0
            try:
                self._fetch(key, partial)
                backoff.reset()
            except CloudError as error:
                pause = backoff.next()
                log('the data file %s could not be downloaded, retrying: %s', key, error)
            except OSError as error:
                pause = backoff.next()
                self._refused(key, error)
            with self._changed:
                # During the pause no other thread may try it: it still counts as being downloaded.
                if pause:
                    self._changed.wait(pause)
                self._downloading.pop(key, None)
                self._changed.notify_all()
            self._on_change()

    def _next(self):
        for key in self._wanted:
            if key not in self._cached and key not in self._failed and key not in self._downloading:
                return key
        return None

    def _fetch(self, key, partial):
        try:
            size = self._cloud.size(self._bucket, self._key_of(key))
            if not self._make_room(key, size):
                return
            try:
                with open(partial, 'wb') as file:
                    self._cloud.download(self._bucket, self._key_of(key), file)
                    size = file.tell()
                with self._changed:
                    self._cached[key] = (self._paths.put(partial, key), size)
                    self._downloading[key] = 0
            finally:
                if os.path.exists(partial):
                    os.remove(partial)
        except (NotFound, AccessDenied) as error:
            name = 'NotFound' if isinstance(error, NotFound) else 'AccessDenied'
            message = 's3://%s/%s: %s' % (self._bucket, self._key_of(key), error)
            with self._changed:
                self._failed[key] = {'error': name, 'message': message}

    def _make_room(self, key, size):
        """Waits until the file may be downloaded; False when it is no longer wanted."""
        with self._changed:
            while True:
                if key not in self._wanted:
                    return False
                # The file that is needed next may exceed the limit: nothing else would ever make room for it.
                first = not self._held and key == self._first()
                self._evict(self._used() + size - self._limit, () if first else self._wanted)
                if first or self._used() + size <= self._limit:
                    self._downloading[key] = size
                    return True
                self._changed.wait()

    def _first(self):
        return next((key for key in self._wanted if key not in self._cached and key not in self._failed), None)

    def _used(self):
        return sum(size for _, size in self._cached.values()) + sum(self._downloading.values())

    def _evict(self, excess, kept=()):
        """Evicts files that are neither taken nor in `kept`, least recently used first."""
        for key in list(self._cached):
            if excess <= 0:
                return
            if key not in self._held and key not in kept:
                path, size = self._cached.pop(key)
                self._paths.remove(path)
                excess -= size

    def _refused(self, key, error):
        """The disk refuses the file. With nothing left to evict, the file itself is too large."""
        with self._changed:
            before = len(self._cached)
            self._evict(self._limit + 1)
            if len(self._cached) == before and not self._held:
                message = 'the disk refuses it: %s' % error
                self._failed[key] = {'error': type(error).__name__, 'message': message}
