"""A task's result to JSON.

What `json` can write is written by `json`'s C code. Anything else is converted value by value:

- NaN, infinity, NaT, pandas.NA: null
- datetime, date, time, pandas.Timestamp: ISO text; timedelta (also numpy's and pandas'): seconds
- numpy and pandas scalars, arrays, series: Python numbers and lists (`.item()`, `.tolist()`), unimported
- Decimal: an int where it is whole, else a float where that keeps the digits, else text; Fraction: a float;
  complex: text such as `1+2j`
- sets (sorted where that is possible), tuples, other iterables with a length: lists
- bytes: text, where they are UTF-8; Path, UUID, Enum: their text or value
- dataclasses, namedtuples (as the whole result), mappings: objects; keys that are not text: their text
"""
import collections.abc
import dataclasses
import datetime
import decimal
import enum
import fractions
import json
import math
import os
import sys
import uuid

try:
    from json.encoder import c_make_encoder, encode_basestring_ascii
except ImportError:  # an interpreter without json's accelerator
    c_make_encoder = None

# Deeper than any table needs, and well inside Python's default recursion limit.
DEEPEST = 200
LONGEST = 256 * 1024 * 1024

_advice = 'Return a dict of numbers, texts, dates, or lists and dicts of those.'
_encode = json.JSONEncoder(separators=(',', ':'), allow_nan=False).encode


class BadResult(Exception):
    """The result cannot be written as JSON; the message says which value, and what to return."""

    def __init__(self, type_name, message):
        super().__init__(message)
        self.type_name = type_name


def _new_fast_encoder():
    """`json`'s own C encoder, made once: json.dumps makes one for every call, which doubles its time."""
    if c_make_encoder is None:
        return _encode
    make = c_make_encoder({}, None, encode_basestring_ascii, None, ':', ',', False, False, False)
    join = ''.join
    return lambda value: join(make(value, 0))


_fast = _new_fast_encoder()


def encode(result):
    """The result as JSON text; raises BadResult. Whatever the result's own methods raise becomes that, too."""
    global _fast
    if type(result) is dict:
        try:
            text = _fast(result)
            if len(text) <= LONGEST:
                return text
        except BaseException:
            # The C encoder remembers the containers that it was in.
            _fast = _new_fast_encoder()
    return _encode_slowly(result)


def _encode_slowly(result):
    digits = getattr(sys, 'get_int_max_str_digits', lambda: None)()
    if digits is not None:
        sys.set_int_max_str_digits(0)
    try:
        plain = _whole(result)
        text = _encode(plain)
    except BadResult:
        raise
    except RecursionError:
        raise BadResult(_name(result), 'The result is nested too deeply. ' + _advice) from None
    except BaseException as error:
        raise BadResult(_name(result), _misbehaved('the result', result, error)) from None
    finally:
        if digits is not None:
            sys.set_int_max_str_digits(digits)
    if len(text) > LONGEST:
        raise BadResult(
            _name(result),
            'The result is %d MiB of JSON; a row may have at most %d MiB. '
            'Save what is large as a file of its own and return its name.' % (len(text) >> 20, LONGEST >> 20),
        )
    return text


def _whole(result):
    """The whole result as a plain dict: it is one row, so it must have names for its values."""
    if isinstance(result, tuple) and hasattr(result, '_asdict'):
        result = result._asdict()
    if isinstance(result, collections.abc.Mapping) or (dataclasses.is_dataclass(result) and not isinstance(result, type)):
        return _plain(result, 'result', (), 0)
    hints = {
        'NoneType': 'it returned None; is a `return` missing?',
        'coroutine': 'it returned a coroutine; entrypoint must not be async.',
        'generator': 'it returned a generator; use `return`, not `yield`.',
        'DataFrame': 'it returned a DataFrame; return the values of one row, or save the frame as a file.',
        'Series': 'it returned a Series; return `series.to_dict()`.',
    }
    hint = hints.get(type(result).__name__, 'it returned a value of type %s.' % _name(result))
    raise BadResult(_name(result), 'entrypoint must return a dict (one row of results): %s %s' % (hint, _advice))


def _plain(value, path, inside, depth):
    """The value in terms that JSON has. `inside` are the ids of the containers around it."""
    kind = type(value)
    if value is None or kind is bool or kind is int or kind is str:
        return value
    if kind is float:
        return value if math.isfinite(value) else None
    if id(value) in inside:
        raise BadResult(_name(value), '%s contains itself. %s' % (path, _advice))
    if depth > DEEPEST:
        raise BadResult(_name(value), 'The result is nested more than %d deep. %s' % (DEEPEST, _advice))
    try:
        converted = _converted(value, kind, path)
        if converted is _container:
            return _contents(value, path, inside + (id(value),), depth + 1)
    except (BadResult, RecursionError):
        raise
    except BaseException as error:
        raise BadResult(_name(value), _misbehaved(path, value, error)) from None
    if converted is value:
        raise BadResult(
            _name(value), '%s is of type %s, which has no JSON form. %s' % (path, _name(value), _advice)
        )
    return _plain(converted, path, inside + (id(value),), depth + 1)


_container = object()


def _converted(value, kind, path):
    """A simpler value; `_container` for what has contents; the value itself where nothing is known."""
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float) and kind.__module__ != 'numpy':
        return float.__float__(value)
    if isinstance(value, datetime.timedelta):
        seconds = value.total_seconds()
        return None if seconds != seconds else seconds
    if isinstance(value, (datetime.datetime, datetime.date, datetime.time)):
        # pandas.NaT is a datetime that is not equal to itself.
        return None if value != value else value.isoformat()
    if isinstance(value, decimal.Decimal):
        return _decimal(value)
    if isinstance(value, fractions.Fraction):
        return float(value)
    if isinstance(value, complex):
        return str(value).strip('()')
    if isinstance(value, (bytes, bytearray, memoryview)):
        try:
            return bytes(value).decode()
        except UnicodeDecodeError:
            raise BadResult(_name(value), '%s is bytes that are no UTF-8 text. %s' % (path, _advice)) from None
    if isinstance(value, (os.PathLike, uuid.UUID)):
        return str(value)
    return _foreign(value, kind)


def _foreign(value, kind):
    """What numpy, pandas and their kin have in common, known by its methods alone."""
    module = kind.__module__.partition('.')[0]
    if kind.__name__ in ('NAType', 'NaTType'):
        return None
    if module == 'numpy' and kind.__name__ in ('timedelta64', 'datetime64'):
        return _numpy_time(value, kind.__name__)
    if isinstance(value, (dict, list, tuple, set, frozenset, collections.abc.Mapping)):
        return _container
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _container
    if isinstance(value, type) or callable(value):
        return value
    for method in ('tolist', 'item', 'isoformat'):
        call = getattr(value, method, None)
        if callable(call):
            return call()
    if isinstance(value, collections.abc.Iterable) and isinstance(value, collections.abc.Sized):
        return list(value)
    return value


def _numpy_time(value, name):
    if str(value) == 'NaT':
        return None
    if name == 'datetime64':
        return str(value)
    return float(value / kind_of_second(value))


def kind_of_second(value):
    """One second, of the timedelta64 type that the value has."""
    return type(value)(1, 's')


def _decimal(value):
    if not value.is_finite():
        return None
    if value == value.to_integral_value() and abs(value.adjusted()) < 400:
        return int(value)
    number = float(value)
    return number if decimal.Decimal(repr(number)) == value else str(value)


def _contents(value, path, inside, depth):
    if isinstance(value, collections.abc.Mapping):
        return {
            _key(key, path): _plain(item, '%s[%r]' % (path, key), inside, depth) for key, item in value.items()
        }
    if dataclasses.is_dataclass(value):
        names = [field.name for field in dataclasses.fields(value)]
        return {name: _plain(getattr(value, name), '%s.%s' % (path, name), inside, depth) for name in names}
    if isinstance(value, (set, frozenset)):
        try:
            value = sorted(value)
        except TypeError:
            value = list(value)
    return [_plain(item, '%s[%d]' % (path, place), inside, depth) for place, item in enumerate(value)]


def _key(key, path):
    """A key as text, as `json` writes those that it knows."""
    if isinstance(key, str):
        return str.__str__(key)
    if key is None or isinstance(key, (bool, int)) and type(key) in (bool, int):
        return _encode(key)
    plain = _plain(key, 'a key of ' + path, (), 0)
    return plain if isinstance(plain, str) else _encode(plain)


def _name(value):
    kind = type(value)
    module = getattr(kind, '__module__', 'builtins')
    return kind.__qualname__ if module == 'builtins' else '%s.%s' % (module, kind.__qualname__)


def _misbehaved(path, value, error):
    try:
        text = str(error)
    except BaseException:
        text = 'and its text cannot be read'
    return '%s, of type %s, cannot be read: %s: %s. %s' % (path, _name(value), type(error).__name__, text, _advice)
