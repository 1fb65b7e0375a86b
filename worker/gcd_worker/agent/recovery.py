"""How a container starts after another one of the same pod was killed."""
import os
import time

from ..protocol.records import head_of
from .backoff import Backoff
from .cloud import CloudError
from .feeder.lost_attempt import count_lost_attempt
from .log import log

# Share of the container's limit. The kernel kills at the whole of it; the last measurement may be half a second older.
NEAR_LIMIT = 0.5


def recover(cloud, environment, spool, outputs, journal, memory_note, max_attempts):
    """Counts an attempt against the task that was running, uploads all records, and returns the message to the queue.

    May be interrupted anywhere and repeated: the part with the lost attempt has the same name each time.
    """
    left = spool.left_over()
    outputs.remove_orphans(left)
    found = journal.read()
    if found is None:
        return
    batch, progress = found
    lost_attempt_part = spool.name(batch['repetition'], batch['batch'], batch['lost_attempt_part'])
    prefix = spool.name(batch['repetition'], batch['batch'], 0)[: -len('0.jsonl')]
    names = [name for name in map(os.path.basename, left) if name.startswith(prefix) and name != lost_attempt_part]
    # A record may have been written, but not noted in the journal.
    for kind, index in _heads_in(os.path.join(os.path.dirname(left[0]), name) for name in names):
        if index not in progress.ended and kind != 'a':
            progress.heard(kind, index)
    task = journal.executing(progress)
    if task is not None:
        line, is_last = count_lost_attempt(task, max_attempts, *_cause(environment, memory_note.last()))
        log('the container before this one was killed in task %s: %s', task[1], 'failed' if is_last else 'to be retried')
        spool.add(lost_attempt_part, batch['worker'].encode() + b'\n' + line)
    _upload(environment, spool, outputs)
    try:
        cloud.renew(batch['receipt'], 0)
    except CloudError as error:
        log('a message could not be returned to the queue; it becomes visible by itself: %s', error)
    journal.end()


def _cause(environment, note):
    """Class, type and message of the failure, and the memory. `note` is what MemoryNote has noted last."""
    used, is_kernel_kill = note
    limit = environment.memory
    if is_kernel_kill:
        # With control groups v2, the kernel ends all processes of a container, also for memory that grew within a moment.
        text = 'The kernel killed the container for its memory while the task ran: %d MiB%s were in use shortly before.'
        of = '' if limit is None else ' of its limit of %d MiB' % (limit >> 20)
        return 'out-of-memory', 'SIGKILL', text % (used >> 20, of), used
    if limit is not None and used >= NEAR_LIMIT * limit:
        text = 'The container was killed while the task ran: %d MiB of its limit of %d MiB were in use shortly before.'
        return 'out-of-memory', 'SIGKILL', text % (used >> 20, limit >> 20), used
    text = 'The container was killed while the task ran, perhaps for its memory: %d MiB were in use shortly before.'
    return 'crash', 'SIGKILL', text % (used >> 20), used


def _upload(environment, spool, outputs):
    """Uploads all parts, before another pod can receive the message."""
    backoff = Backoff(environment.pace)
    while True:
        part = spool.next_part(0)
        if part is None:
            return
        name, path = part
        try:
            free = outputs.upload(name, path)
        except CloudError as error:
            log('a part could not be uploaded, retrying: %s', error)
            time.sleep(backoff.next())
            continue
        spool.uploaded(path)
        free()


def _heads_in(paths):
    """(kind, index) of each record and failed attempt in these parts."""
    for path in paths:
        with open(path, 'rb') as file:
            for line in file:
                head = head_of(line.rstrip(b'\n'))
                if head:
                    yield head
