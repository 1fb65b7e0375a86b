"""Data files of the bucket, fetched ahead of the tasks that need them, and kept as long as there is room."""
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
    """Who needs files says which, in the order of need; takes those that are there; and gives them back after use."""

    def __init__(self, cloud, bucket, folder, limit, pace, on_news, key_of=lambda name: name):
        """`limit`: bytes. `on_news` is called when a file has come. `key_of` says where in the bucket a file is."""
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(os.path.join(folder, 'partial'))
        self._cloud, self._bucket, self._folder, self._pace, self._on_news = cloud, bucket, folder, pace, on_news
        self._paths, self._key_of = FilePaths(folder), key_of
        self._limit = limit
        self._changed = threading.Condition()
        self._wanted = []
        self._fetching = {}
        # By key: path and bytes; least recently used first.
        self._there = OrderedDict()
        self._failed = {}
        self._held = {}
        self._downloads = 0
        for _ in range(CONCURRENCY):
            threading.Thread(target=self._work, daemon=True).start()

    @property
    def root(self):
        """Usual keys have their path below it."""
        return self._paths.named_folder

    def want(self, keys):
        """These are needed next, in this order, and no others."""
        with self._changed:
            self._wanted = list(OrderedDict.fromkeys(keys))
            # What could not be had may be there when it is asked for anew.
            self._failed = {key: why for key, why in self._failed.items() if key in self._wanted}
            self._changed.notify_all()

    def take(self, key):
        """What a supervisor is told of a file: {'path': …}, {'error': …, 'message': …}; None: it has not come yet."""
        with self._changed:
            if key in self._failed:
                return self._failed[key]
            if key not in self._there:
                return None
            self._there.move_to_end(key)
            self._held[key] = self._held.get(key, 0) + 1
            return {'path': self._there[key][0]}

    def release(self, key):
        """A file that was taken is not needed any more."""
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
                self._fetching[key] = 0
                self._downloads += 1
                partial = os.path.join(self._folder, 'partial', str(self._downloads))
            pause = 0
            try:
                self._fetch(key, partial)
                backoff.begin()
            except CloudError as error:
                pause = backoff.next()
                log('the data file %s cannot be fetched now, trying again: %s', key, error)
            except OSError as error:
                pause = backoff.next()
                self._refused(key, error)
            with self._changed:
                # Others may try it meanwhile only after the pause, so it is still said to be under way.
                if pause:
                    self._changed.wait(pause)
                self._fetching.pop(key, None)
                self._changed.notify_all()
            self._on_news()

    def _next(self):
        for key in self._wanted:
            if key not in self._there and key not in self._failed and key not in self._fetching:
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
                    self._there[key] = (self._paths.put(partial, key), size)
                    self._fetching[key] = 0
            finally:
                if os.path.exists(partial):
                    os.remove(partial)
        except (NotFound, AccessDenied) as error:
            name = 'NotFound' if isinstance(error, NotFound) else 'AccessDenied'
            message = 's3://%s/%s: %s' % (self._bucket, self._key_of(key), error)
            with self._changed:
                self._failed[key] = {'error': name, 'message': message}

    def _make_room(self, key, size):
        """Waits till the file may be fetched; False when nobody wants it any more."""
        with self._changed:
            while True:
                if key not in self._wanted:
                    return False
                # Nothing else would ever make room for what is needed next.
                first = not self._held and key == self._first()
                self._evict(self._used() + size - self._limit, () if first else self._wanted)
                if first or self._used() + size <= self._limit:
                    self._fetching[key] = size
                    return True
                self._changed.wait()

    def _first(self):
        return next((key for key in self._wanted if key not in self._there and key not in self._failed), None)

    def _used(self):
        return sum(size for _, size in self._there.values()) + sum(self._fetching.values())

    def _evict(self, excess, kept=()):
        """Removes what nobody leases, and is not to be kept, least recently used first."""
        for key in list(self._there):
            if excess <= 0:
                return
            if key not in self._held and key not in kept:
                path, size = self._there.pop(key)
                self._paths.remove(path)
                excess -= size

    def _refused(self, key, error):
        """This disk does not take it: with nothing to remove, that is the file's own size."""
        with self._changed:
            before = len(self._there)
            self._evict(self._limit + 1)
            if len(self._there) == before and not self._held:
                message = 'this disk does not take it: %s' % error
                self._failed[key] = {'error': type(error).__name__, 'message': message}
