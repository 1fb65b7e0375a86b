"""The lines of the protocol, and texts that are safe to put into them."""
from json.encoder import encode_basestring_ascii as quote

from .json_encoder import JSONEncoder

# Nobody reads more, and an exception's text may be as large as the data it complains about.
LONGEST_MESSAGE = 16 * 1024
LONGEST_TRACEBACK = 64 * 1024

SUCCEEDED = (
    '{"status":"succeeded","index":%d,"task":%s,"attempt":%d,"start":%.6f,"end":%.6f,'
    '"cpu":%.6f,"memory":%d,"result":%s}\n'
)
FAILED = (
    '{"status":"failed","index":%d,"task":%s,"attempt":%d,"start":%.6f,"end":%.6f,'
    '"cpu":%.6f,"memory":%d,"error":{"class":%s,"type":%s,"message":%s,"traceback":%s}}\n'
)

_encode = JSONEncoder(separators=(',', ':'), allow_nan=False).encode


_shown = []


def show_paths_as(place, project):
    """Code that is imported from the folder `place` is shown to people as what it is a copy of."""
    _shown[:] = [(place, project)]


def with_project_paths(text, before=''):
    """A text with the project's paths where `before` stands before those of its copy."""
    for place, project in _shown:
        text = text.replace('%s%s/' % (before, place), '%s%s/' % (before, project))
    return text


class Failure(Exception):
    """Why a task failed: the fields of `error` in its record."""

    def __init__(self, kind, type_name, message, traceback=''):
        super().__init__(message)
        self.kind = kind
        self.type_name = type_name
        self.message = clip(message, LONGEST_MESSAGE)
        self.traceback = clip(with_project_paths(traceback, 'File "'), LONGEST_TRACEBACK)


def clip(text, longest):
    """The text, or its two ends where it is longer than `longest` characters."""
    if len(text) <= longest:
        return text
    half = longest // 2
    return '%s\n[... %d characters left out ...]\n%s' % (text[:half], len(text) - 2 * half, text[-half:])


def event(name, **fields):
    """One event as a line of bytes; fields in the order given."""
    return (_encode(dict(event=name, **fields)) + '\n').encode()


def attempt_event(index, task, attempt, failure):
    """The event of an attempt that failed and is not the last."""
    fields = {'index': index, 'task': task, 'attempt': attempt, 'class': failure.kind, 'message': failure.message}
    return event('attempt', **fields)


def batch_event(number, succeeded, failed, not_run):
    """The event that ends a batch."""
    return event('batch', batch=number, succeeded=succeeded, failed=failed, not_run=not_run)


def failed_record(index, task, attempt, start, end, cpu, memory, failure):
    """The record of a task that failed, as a line of bytes."""
    error = [quote(part) for part in (failure.kind, failure.type_name, failure.message, failure.traceback)]
    return (FAILED % (index, quote(task), attempt, start, end, cpu, memory, *error)).encode()


def with_output(record, output):
    """The record (a line) with what its task has printed (bytes) as its last key."""
    if not output:
        return record
    return record[:-2] + b',"output":' + quote(output.decode('utf-8', 'replace')).encode() + b'}\n'
