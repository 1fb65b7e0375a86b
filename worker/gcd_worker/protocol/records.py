"""Reads lines that a supervisor has written: records and failed attempts."""
import json
import re

_HEAD = re.compile(rb'\{"(?:status":"([sf])[a-z]+|event":"(a)ttempt)","index":(\d+),')
_NUMBER = rb'-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?'
_RECORD = re.compile(
    rb'\{"status":"(?:(succeeded)|failed)","index":\d{1,10},"task":"([^"\\]*)","attempt":\d+,'
    rb'"start":N,"end":N,"cpu":N,"memory":\d+,"(?:(result)|error)":'.replace(b'N', _NUMBER)
)
# As in core/run-store/records/outputs.ts.
_FOLDER = re.compile(r'[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}\Z')
_LARGEST = (1 << 53) - 1
_CLASSES = ('exception', 'timeout', 'crash', 'out-of-memory', 'lost-node', 'bad-result', 'no-data')


def head_of(line):
    """('s', index) for the record of a success, 'f' of a failure, 'a' for a failed attempt; None for other lines.

    A crash of a machine can leave a line with bytes of 0 in it.
    """
    if line[-1:] != b'}' or b'\0' in line:
        return None
    found = _HEAD.match(line)
    return found and ((found.group(1) or found.group(2)).decode(), int(found.group(3)))


def record_of(line):
    """The task id of a complete record; empty for any other line."""
    found = _RECORD.match(line)
    if not found or bool(found.group(1)) != bool(found.group(3)):
        return ''
    try:
        record = json.loads(line.decode('utf-8', 'replace'), parse_constant=_refuse)
    except ValueError:
        return ''
    except RecursionError:
        return found.group(2).decode('utf-8', 'replace')
    error = record.get('error')
    whole = _is_result(record.get('result')) if found.group(1) else (
        isinstance(error, dict)
        and error.get('class') in _CLASSES
        and all(isinstance(error.get(key), str) for key in ('type', 'message', 'traceback'))
    )
    if not whole or not isinstance(record.get('output', ''), str) or not _are_files(record.get('files')):
        return ''
    return found.group(2).decode('utf-8', 'replace')


def _is_result(given):
    """Whether it is a row, or a list of rows."""
    return isinstance(given, dict) or isinstance(given, list) and all(isinstance(row, dict) for row in given)


def _are_files(given):
    """Whether it is a valid `files` of a record, or None."""
    if given is None:
        return True
    return (
        isinstance(given, dict)
        and isinstance(given.get('at'), str)
        and _FOLDER.match(given['at']) is not None
        and isinstance(given.get('list'), list)
        and all(
            isinstance(file, list)
            and len(file) == 2
            and isinstance(file[0], str)
            and type(file[1]) is int
            and 0 <= file[1] <= _LARGEST
            for file in given['list']
        )
    )


def _refuse(constant):
    raise ValueError(constant)
