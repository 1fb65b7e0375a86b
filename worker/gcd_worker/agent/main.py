"""Composes the agent of a pod, runs it, and exits."""
import os
import select
import signal
import sys
import threading
import time
import traceback

from .backoff import Retry, Terminated
from .batch_consumer import BatchConsumer
from .cloud import Cloud, CloudError
from .environment import Environment, Unusable, termination_log
from .feeder.data_cache import DataCache
from .feeder.data_names import DataNames
from .feeder.journal import Journal
from .feeder.slot import Slot
from .leases import Leases
from .log import log
from .memory_note import MemoryNote
from .recovery import recover
from .request import data_limit, fetch_licence, read_request, supervisor_settings
from .results.output_uploads import OutputUploads
from .results.spool import Spool
from .results.uploads import Uploads
from .status import Status

TERMINATED = 128 + signal.SIGTERM
# Kubernetes keeps no more bytes.
MAX_TERMINATION_MESSAGE = 4096


def agent(variables=os.environ):
    """Works until no work is left; returns the exit code (PROTOCOL.md)."""
    terminated = _listen()
    try:
        return Agent(Environment(variables), terminated).run()
    except Terminated:
        return TERMINATED
    except Unusable as error:
        return _end(variables, 2, str(error))
    except NoIdentity as error:
        return _end(variables, 1, str(error))
    except Exception as error:
        traceback.print_exc()
        return _end(variables, 1, 'the agent failed: %s: %s' % (type(error).__name__, error))


class NoIdentity(Exception):
    """The pod gets no credentials. A restarted container may get them; pods of other nodes are not affected."""


class Agent:
    """One pod, from its start to its end."""

    def __init__(self, environment, terminated):
        self._environment, self._terminated = environment, terminated
        self._ready = environment.path('ready')
        os.makedirs(environment.scratch, exist_ok=True)
        if os.path.exists(self._ready):
            # Left by the container before this one.
            os.remove(self._ready)

    def run(self):
        """The exit code."""
        environment = self._environment
        retry = Retry(environment.pace, self._terminated)
        cloud = self._connected(retry)
        request = read_request(cloud, environment, retry)
        config = request['config']
        if config['dataBucket']['kind'] != 's3':
            raise Unusable('data_bucket is a folder of another machine: a run on a cluster needs a bucket.')
        access = config.get('dataAccess') or {}
        cloud.read_data_as(bool(access.get('requesterPays')), bool(access.get('unsigned')))
        licence = fetch_licence(cloud, environment, config, retry)

        suffix = '%s-%s' % (environment.execution, environment.pod)
        room = None if environment.disk is None else environment.disk // 8
        spool = Spool(environment.path('parts'), suffix, environment.pace['flush'], room)
        journal = Journal(environment.scratch)
        memory_note = MemoryNote(environment.path('usage'), environment.memory)
        outputs = OutputUploads(cloud, environment)
        recover(cloud, environment, spool, outputs, journal, memory_note, config['maxAttempts'])
        memory_note.start()

        slot = None

        def wake():
            with slot.changed:
                slot.changed.notify_all()

        folder, bucket = environment.path('data'), config['dataBucket']['bucket']
        limit = data_limit(request, environment.scratch, environment.disk)
        names = DataNames(config['dataBucket'], environment.bucket)
        data = DataCache(cloud, bucket, folder, limit, environment.pace, wake, names.key)
        log_path = environment.path('%s.jsonl' % environment.pod)
        settings = supervisor_settings(environment, request, licence, data.root, journal.shared_memory, log_path)
        if names.is_copied_folder:
            # As on the machine from which the folder was copied.
            settings['arguments']['data_bucket'] = data.root
        slot = Slot(settings, spool, journal, data, self._be_ready)
        leases = Leases(cloud, environment.pace, wake)
        uploads = Uploads(cloud, environment, spool, outputs, leases, wake)
        status = Status(cloud, environment, log_path, lambda: consumer.state(), wake)
        consumer = BatchConsumer(cloud, environment, slot, leases, uploads, status, self._be_ready, names)
        consumer.start()
        status.start()
        return self._end(consumer, uploads, leases, status)

    def _connected(self, retry):
        cloud, seconds = Cloud(self._environment), self._environment.pace['identity']
        try:
            retry.within(seconds, CloudError, cloud.connect, "this pod's identity")
        except CloudError as error:
            text = "This pod got no identity from its node's Pod Identity agent in %.0f s: %s"
            raise NoIdentity(text % (seconds, error)) from None
        return cloud

    def _be_ready(self, whether=True):
        """Sets whether the pod is ready: its project is imported, or need not be any more."""
        if whether:
            with open(self._ready, 'w'):
                pass
        elif os.path.exists(self._ready):
            os.remove(self._ready)

    def _end(self, consumer, uploads, leases, status):
        """Waits for the end of work, or for SIGTERM; then uploads what is left."""
        pace = self._environment.pace
        until = None

        def goes_on(seconds):
            """Waits for at most so long; whether time is left, which SIGTERM limits."""
            nonlocal until
            if select.select([self._terminated], [], [], seconds)[0]:
                os.read(self._terminated, 64)
                if until is None:
                    log('SIGTERM: the pod exits once the running task has ended')
                    until = time.monotonic() + pace['grace'] - pace['margin'] / 3
                    consumer.stop(time.monotonic() + pace['grace'] - pace['margin'])
            return until is None or time.monotonic() < until

        while not consumer.ended.is_set() and goes_on(0.1):
            pass
        code, why = consumer.outcome or (TERMINATED, '')
        if code != 0 and until is None:
            until = time.monotonic() + pace['margin'] / 2
        uploads.settle(lambda: goes_on(0.05))
        leases.release()
        status.write(last=True)
        return _end({'GCD_TERMINATION_LOG': self._environment.termination_log}, code, why)


def _listen():
    """A descriptor that becomes readable on SIGTERM or SIGINT.

    Process 1 of a container ignores signals without a handler.
    """
    read, write = os.pipe()
    for descriptor in (read, write):
        os.set_blocking(descriptor, False)
    signal.set_wakeup_fd(write, warn_on_full_buffer=False)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    return read


def _end(variables, code, why):
    if why:
        log('%s', why)
        try:
            with open(termination_log(variables), 'wb') as file:
                file.write(why.encode('utf-8', 'replace')[:MAX_TERMINATION_MESSAGE])
        except OSError:
            # Outside of a container: standard error has it.
            pass
    return code


def _end_all(failed):
    """Exits after a thread has failed, for example on a full disk: without it, batches would be leased and not run.

    The next container continues from what is on the disk.
    """
    traceback.print_exception(failed.exc_type, failed.exc_value, failed.exc_traceback)
    os._exit(_end(os.environ, 1, 'the agent failed: %s: %s' % (failed.exc_type.__name__, failed.exc_value)))


def run():
    """Ends the process with the agent's exit code, whatever its threads do."""
    threading.excepthook = _end_all
    code = agent()
    sys.stderr.flush()
    os._exit(code)
