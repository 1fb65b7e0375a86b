"""Writes the lines of the protocol, with texts that are clipped and show the project's paths."""
from json.encoder import encode_basestring_ascii as quote

from .json_encoder import JSONEncoder

# Characters. The text of an exception may be as large as its data.
MAX_MESSAGE = 16 * 1024
MAX_TRACEBACK = 64 * 1024

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


def show_paths_as(copy, project):
    """Messages show paths of the folder `copy` as those of the project."""
    _shown[:] = [(copy, project)]


def with_project_paths(text, before=''):
    """The text with the project's paths in place of its copy's, where `before` precedes them."""
    for copy, project in _shown:
        text = text.replace('%s%s/' % (before, copy), '%s%s/' % (before, project))
    return text


class Failure(Exception):
    """Why a task failed: the fields of `error` in its record."""

    def __init__(self, kind, type_name, message, traceback=''):
        super().__init__(message)
        self.kind = kind
        self.type_name = type_name
        self.message = clip(message, MAX_MESSAGE)
        self.traceback = clip(with_project_paths(traceback, 'File "'), MAX_TRACEBACK)


def clip(text, max_length):
    """The text; beginning and end of one that has more than `max_length` characters."""
    if len(text) <= max_length:
        return text
    half = max_length // 2
    return '%s\n[... %d characters left out ...]\n%s' % (text[:half], len(text) - 2 * half, text[-half:])


def event(name, **fields):
    """One event as a line of bytes; fields in the order given."""
    return (_encode(dict(event=name, **fields)) + '\n').encode()


def attempt_event(index, task, attempt, failure):
    """The event of a failed attempt that is not the last."""
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
    """The record (a line) with what its task has printed (bytes) added."""
    if not output:
        return record
    return record[:-2] + b',"output":' + quote(output.decode('utf-8', 'replace')).encode() + b'}\n'
