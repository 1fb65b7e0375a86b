"""A task's result as JSON: by the C encoder of `json` if it can, else after a conversion (rows.py, json_values.py)."""
import sys

from ...protocol.json_encoder import JSONEncoder
from . import rows
from .bad_result import HINT, BadResult, type_name, unreadable_value
from .json_values import JsonValues

try:
    from json.encoder import c_make_encoder, encode_basestring_ascii
except ImportError:  # an interpreter without json's accelerator
    c_make_encoder = None

# Bytes of JSON: a result must fit into the memory of its readers.
MAX_BYTES = 256 * 1024 * 1024
# Bytes of JSON of several rows: gathering needs eight times as much memory for them, which is limited in Lambda.
MAX_ROWS_BYTES = 64 * 1024 * 1024
# Raises TypeError if a key is no text: such keys may collide when they become text.
_join = ''.join

_encode = JSONEncoder(separators=(',', ':'), allow_nan=False).encode


def _new_fast_encoder():
    """The C encoder of `json`, created once: json.dumps creates one for every call, which doubles its time."""
    if c_make_encoder is None:
        return _encode
    try:
        make = c_make_encoder({}, None, encode_basestring_ascii, None, ':', ',', False, False, False)
    except TypeError:  # not public: its signature may change
        return _encode
    join = ''.join
    return lambda value: join(make(value, 0))


_fast = _new_fast_encoder()


def encode(result, noted=None):
    """The result as JSON text: an object, or a list of them for several rows.

    Raises BadResult, also for exceptions of the result's own methods; exceptions of an iterator of rows are the task's.
    `noted`: a dict to which values that became text are added (JsonValues.texts).
    """
    global _fast
    if isinstance(result, dict):
        try:
            _join(result)
            text = _fast(result)
            if len(text) <= MAX_BYTES:
                return text
        except BaseException:
            # The C encoder still has the containers of the failed call.
            _fast = _new_fast_encoder()
    digits = getattr(sys, 'get_int_max_str_digits', lambda: None)()
    if digits is not None:
        sys.set_int_max_str_digits(0)
    try:
        return _encode_slowly(result, {} if noted is None else noted)
    finally:
        if digits is not None:
            sys.set_int_max_str_digits(digits)


def _encode_slowly(result, noted):
    converter = JsonValues()
    fields = _guarded(rows.one_row, result, result)
    if fields is not None:
        text = _guarded(_row, result, converter, fields, 'result')
    else:
        text = _list(result, converter)
    if len(text) > MAX_BYTES:
        raise _too_large(result, len(text), MAX_BYTES)
    noted.update(converter.texts)
    return text


def _list(result, converter):
    """The JSON of several rows."""
    frame = _guarded(rows.frame_of, result, result)
    if frame is not None:
        return _guarded(_frame, result, frame, converter, result)
    if not _guarded(rows.several, result, result):
        raise rows.no_row(result)
    pieces, size = [], 2
    # An iterator is the task's code: its exceptions are the task's.
    for number, element in enumerate(result):
        piece = _guarded(_element, element, element, number, converter)
        size += len(piece) + 1
        if size > MAX_ROWS_BYTES:
            raise _too_large(result, size, MAX_ROWS_BYTES)
        pieces.append(piece)
    return '[%s]' % ','.join(pieces)


def _element(element, number, converter):
    if isinstance(element, dict):
        text = _quick(element)
        if text is not None:
            return text
    fields = rows.one_row(element)
    if fields is None:
        raise rows.no_row(element, number)
    return _row(converter, fields, 'result[%d]' % number)


def _row(converter, fields, path):
    return _encode(converter.row(fields, path))


def _frame(frame, converter, result):
    names = [converter.key(name, 'result') for name in frame.names]
    # A cell has at least its name, two quotes, a colon, a comma and a digit: too large a frame is refused before conversion.
    min_size = frame.length * sum(len(name) + 5 for name in names)
    if min_size > MAX_ROWS_BYTES:
        raise _too_large(result, min_size, MAX_ROWS_BYTES)
    pieces, size = [], 2
    for number, values in enumerate(frame.rows()):
        row = dict(zip(names, values))
        # With a duplicate name the row is shorter: converter.row reports it.
        piece = _quick(row) if len(row) == len(names) else None
        if piece is None:
            piece = _row(converter, zip(names, values), 'result[%d]' % number)
        size += len(piece) + 1
        if size > MAX_ROWS_BYTES:
            raise _too_large(result, size, MAX_ROWS_BYTES)
        pieces.append(piece)
    return '[%s]' % ','.join(pieces)


def _quick(row):
    """The row's JSON if the C encoder can write it, else None."""
    global _fast
    try:
        _join(row)
        return _fast(row)
    except BaseException:
        _fast = _new_fast_encoder()
        return None


def _guarded(function, result, *given):
    """Calls the function; exceptions of the result's methods become BadResult."""
    try:
        return function(*given)
    except (BadResult, MemoryError):
        raise
    except RecursionError:
        raise BadResult(type_name(result), 'The result is nested too deeply. ' + HINT) from None
    except BaseException as error:
        raise BadResult(type_name(result), unreadable_value('The result', result, error)) from None


def _too_large(result, size, longest):
    return BadResult(
        type_name(result),
        'The result is %d MiB of JSON or more; %s may have at most %d MiB. '
        'Save what is large as a file in output_dir: it is kept in results/files.' 
        % (size >> 20, 'what a task returns' if longest == MAX_BYTES else 'several rows of a task', longest >> 20),
    )
