"""Values that `json` does not know, in terms of those that it does.

- NaN, infinity, NaT, pandas.NA: null
- datetime, date, time, pandas.Timestamp: ISO text; timedelta (also numpy's and pandas'): seconds
- numpy and pandas scalars, arrays, series: Python numbers and lists (`.item()`, `.tolist()`)
- Decimal: an int where it is whole, else a float where that keeps the digits, else text; Fraction: a float;
  complex: text such as `1+2j`
- sets (sorted where that is possible), tuples, other sequences: lists
- bytes: text, where they are UTF-8; paths, UUIDs, enums: their text or value
- dataclasses, mappings: objects; keys that are not text: the text of their JSON

Libraries are not imported for that: a value of theirs can only be there if it is loaded, and its type has a name.
"""
import collections.abc
import dataclasses
import datetime
import enum
import json
import math
import os

# Deeper than any table needs, and well inside Python's default recursion limit.
DEEPEST = 200
ADVICE = 'Return a dict of numbers, texts, dates, or lists and dicts of those.'

_encode = json.JSONEncoder(separators=(',', ':'), allow_nan=False).encode
_container = object()


class BadResult(Exception):
    """The result cannot be written as JSON; the message says which value, and what to return."""

    def __init__(self, type_name, message):
        super().__init__(message)
        self.type_name = type_name


def plain(value, path, inside, depth):
    """The value, for `json`. `path` names it, `inside` are the ids of the containers around it."""
    kind = type(value)
    if value is None or kind is bool or kind is int or kind is str:
        return value
    if kind is float:
        return value if math.isfinite(value) else None
    if id(value) in inside:
        raise BadResult(type_name(value), '%s contains itself. %s' % (path, ADVICE))
    if depth > DEEPEST:
        raise BadResult(type_name(value), 'The result is nested more than %d deep. %s' % (DEEPEST, ADVICE))
    inside += (id(value),)
    try:
        simpler = _simpler(value, kind, path)
        if simpler is _container:
            return _contents(value, path, inside, depth + 1)
    except (BadResult, RecursionError):
        raise
    except BaseException as error:
        raise BadResult(type_name(value), misbehaved(path, value, error)) from None
    if simpler is value:
        raise BadResult(
            type_name(value), '%s is of type %s, which has no JSON form. %s' % (path, type_name(value), ADVICE)
        )
    return plain(simpler, path, inside, depth + 1)


def _simpler(value, kind, path):
    """A simpler value; `_container` for what has contents; the value itself where nothing is known."""
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float.__float__(value)
    if isinstance(value, complex):
        return str(complex(value)).strip('()')
    if isinstance(value, datetime.timedelta):
        return value.total_seconds()
    if isinstance(value, (datetime.datetime, datetime.date, datetime.time)):
        # pandas.NaT is a datetime that is not equal to itself.
        return None if value != value else value.isoformat()
    if isinstance(value, (bytes, bytearray, memoryview)):
        try:
            return bytes(value).decode()
        except UnicodeDecodeError:
            raise BadResult(type_name(value), '%s is bytes that are no UTF-8 text. %s Bytes are kept as a file in output_dir.' % (path, ADVICE)) from None
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    if isinstance(value, (dict, list, tuple, set, frozenset, collections.abc.Mapping)):
        return _container
    if isinstance(value, type):
        return value
    return _container if dataclasses.is_dataclass(value) else _foreign(value, kind)


def _foreign(value, kind):
    """A value that is known by the name of its type, or by the methods that libraries have agreed on."""
    names = ['%s.%s' % (base.__module__, base.__name__) for base in kind.__mro__]
    if kind.__name__ in ('NAType', 'NaTType'):
        return None
    if 'numpy.timedelta64' in names:
        return None if str(value) == 'NaT' else float(value / kind(1, 's'))
    if 'numpy.datetime64' in names:
        return None if str(value) == 'NaT' else str(value)
    if 'decimal.Decimal' in names:
        return _decimal(value, kind)
    if 'fractions.Fraction' in names:
        return float(value)
    if 'uuid.UUID' in names:
        return str(value)
    if getattr(getattr(value, 'dtype', None), 'kind', None) in ('M', 'm') and hasattr(value, 'ndim'):
        # numpy's .tolist() makes bare numbers of times.
        return list(value) if value.ndim else value[()]
    for method in ('tolist', 'item', 'isoformat'):
        call = getattr(value, method, None)
        if callable(call):
            simpler = call()
            # numpy.longdouble has nothing simpler than itself.
            return float(simpler) if type(simpler) is kind and hasattr(kind, '__float__') else simpler
    if isinstance(value, (collections.abc.Sequence, collections.abc.Set, collections.abc.ValuesView)):
        return list(value)
    return value


def _decimal(value, kind):
    if not value.is_finite():
        return None
    if value == value.to_integral_value() and abs(value.adjusted()) < 400:
        return int(value)
    number = float(value)
    return number if kind(repr(number)) == value else str(value)


def _contents(value, path, inside, depth):
    if isinstance(value, collections.abc.Mapping):
        return {_key(key, path): plain(item, '%s[%r]' % (path, key), inside, depth) for key, item in value.items()}
    if dataclasses.is_dataclass(value):
        names = [field.name for field in dataclasses.fields(value)]
        return {name: plain(getattr(value, name), '%s.%s' % (path, name), inside, depth) for name in names}
    if isinstance(value, (set, frozenset)):
        try:
            value = sorted(value)
        except TypeError:
            value = list(value)
    return [plain(item, '%s[%d]' % (path, place), inside, depth) for place, item in enumerate(value)]


def _key(key, path):
    """A key as text, as `json` writes those that it knows."""
    text = plain(key, 'a key of ' + path, (), 0)
    return text if isinstance(text, str) else _encode(text)


def type_name(value):
    """The name of the value's type, with its module for a library's."""
    kind = type(value)
    module = str(getattr(kind, '__module__', 'builtins'))
    return kind.__qualname__ if module == 'builtins' else '%s.%s' % (module, kind.__qualname__)


def misbehaved(path, value, error):
    """What to say of a value whose own methods raise."""
    try:
        text = str(error)
    except BaseException:
        text = 'and its text cannot be read'
    return '%s, of type %s, cannot be read: %s: %s. %s' % (path, type_name(value), type(error).__name__, text, ADVICE)
