"""What a container begins with that comes after one which was killed, in the same pod."""
import os
import time

from .backoff import Pauses
from .cloud import Trouble
from .feeder.journal import marks_in, strike
from .log import say

# Of the container's limit: more was in use half a second before, at the most, than there is room for.
NEAR = 0.5


def recover(cloud, environment, spool, outputs, journal, usage, max_attempts):
    """Strikes the task that was running, keeps what was written, and gives the message back.

    May be cut anywhere and begun anew: the strike has the same name each time.
    """
    left = spool.left_over()
    outputs.tidy(left)
    found = journal.read()
    if found is None:
        return
    batch, course = found
    strike_name = spool.name(batch['repetition'], batch['batch'], batch['strike'])
    prefix = spool.name(batch['repetition'], batch['batch'], 0)[: -len('0.jsonl')]
    names = [name for name in map(os.path.basename, left) if name.startswith(prefix) and name != strike_name]
    # A record may have been written without the journal's mark of it.
    for kind, index in marks_in(os.path.join(os.path.dirname(left[0]), name) for name in names):
        if index not in course.ended and kind != 'a':
            course.heard(kind, index)
    task = journal.executing(course)
    if task is not None:
        line, last = strike(task, max_attempts, *_why(environment, usage.last()))
        say('a container before this one was killed in task %s: %s', task[1], 'given up' if last else 'to be repeated')
        spool.add(strike_name, batch['worker'].encode() + b'\n' + line)
    _upload(environment, spool, outputs)
    try:
        cloud.renew(batch['receipt'], 0)
    except Trouble as trouble:
        say('a message could not be given back; it comes back by itself: %s', trouble)
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
    pauses = Pauses(environment.pace)
    while True:
        part = spool.next_part(0)
        if part is None:
            return
        name, path = part
        try:
            free = outputs.bring(name, path)
        except Trouble as trouble:
            say('a part could not be written, trying again: %s', trouble)
            time.sleep(pauses.next())
            continue
        spool.uploaded(path)
        free()
