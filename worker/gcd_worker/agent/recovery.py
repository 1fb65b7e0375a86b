"""What a container begins with that comes after one which was killed, in the same pod."""
import os
import time

from ..protocol.records import head_of
from .backoff import Backoff
from .cloud import CloudError
from .feeder.lost_attempt import count_lost_attempt
from .log import log

# Of the container's limit: more was in use half a second before, at the most, than there is room for.
NEAR = 0.5


def recover(cloud, environment, spool, outputs, journal, usage, max_attempts):
    """Strikes the task that was running, keeps what was written, and gives the message back.

    May be cut anywhere and begun anew: the count_failed_attempt has the same name each time.
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
    # A record may have been written without the journal's mark of it.
    for kind, index in _heads_in(os.path.join(os.path.dirname(left[0]), name) for name in names):
        if index not in progress.ended and kind != 'a':
            progress.heard(kind, index)
    task = journal.executing(progress)
    if task is not None:
        line, last = count_lost_attempt(task, max_attempts, *_why(environment, usage.last()))
        log('a container before this one was killed in task %s: %s', task[1], 'given up' if last else 'to be repeated')
        spool.add(lost_attempt_part, batch['worker'].encode() + b'\n' + line)
    _upload(environment, spool, outputs)
    try:
        cloud.renew(batch['receipt'], 0)
    except CloudError as error:
        log('a message could not be given back; it comes back by itself: %s', error)
    journal.end()


def _why(environment, used):
    """Class, type and message of the failure."""
    limit = environment.memory
    if limit is not None and used >= NEAR * limit:
        text = 'The container was killed while the task ran: %d MiB of its limit of %d MiB were in use shortly before.'
        return 'out-of-memory', 'SIGKILL', text % (used >> 20, limit >> 20), used
    text = 'The container was killed while the task ran, perhaps for its memory: %d MiB were in use shortly before.'
    return 'crash', 'SIGKILL', text % (used >> 20), used


def _upload(environment, spool, outputs):
    """Everything that was left is in the bucket before the message is anybody's again."""
    backoff = Backoff(environment.pace)
    while True:
        part = spool.next_part(0)
        if part is None:
            return
        name, path = part
        try:
            free = outputs.upload(name, path)
        except CloudError as error:
            log('a part could not be written, trying again: %s', error)
            time.sleep(backoff.next())
            continue
        spool.uploaded(path)
        free()


def _heads_in(paths):
    """(kind, index) of each line in these parts."""
    for path in paths:
        with open(path, 'rb') as file:
            for line in file:
                head = head_of(line.rstrip(b'\n'))
                if head:
                    yield head
