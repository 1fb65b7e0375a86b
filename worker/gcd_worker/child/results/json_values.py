"""Converts values that `json` does not know to those that it knows.

- NaN, infinity, NaT, pandas.NA: null
- datetime, date, time, pandas.Timestamp: ISO text; timedelta (also numpy's and pandas'): seconds
- numpy, pandas, polars, pyarrow and xarray scalars, arrays, series: Python numbers and lists; frames: lists of objects
- Decimal: an int if it is integral, else a float if that keeps the digits, else text; Fraction: a float;
  complex: text such as `1+2j`
- sets (sorted if possible), tuples, other sequences: lists
- bytes: text, if they are UTF-8; paths, UUIDs, enums: their text or value
- dataclasses, mappings, records (record_types.py): objects; keys that are not text: their JSON as text
- anything else: its text, str(), which is noted

Libraries are not imported: their types are recognised by name.
"""
import collections.abc
import datetime
import enum
import math
import os
import re

from ...protocol.json_encoder import JSONEncoder
from . import dataframes, record_types
from .bad_result import HINT, BadResult, type_name, unreadable_value

# Well below Python's default recursion limit.
MAX_DEPTH = 200
# Characters of the text that stands for a value without any other form.
MAX_TEXT = 1000
# Where an object lies in memory differs in each run, and says nothing.
_ADDRESS = re.compile(r' at 0x[0-9A-Fa-f]+')

_encode = JSONEncoder(separators=(',', ':'), allow_nan=False).encode
_container = object()


class JsonValues:
    """Converts one result. `texts`: {column: (path of the value, its type)} of values that became text."""

    def __init__(self):
        self.texts = {}
        self._column = None

    def row(self, fields, path):
        """The fields of a row (pairs), as a dict for `json`."""
        made = {}
        for key, value in fields:
            self._column = name = self.key(key, path)
            if name in made:
                raise BadResult(type_name(key), 'Two keys of %s are %r, when they are names of columns. Rename one.' % (path, name))
            made[name] = self.value(value, '%s[%r]' % (path, key), (), 1)
        return made

    def value(self, value, path, inside, depth):
        """The value, for `json`. `path` names it, `inside` are the ids of the containers around it."""
        kind = type(value)
        if value is None or kind is bool or kind is int or kind is str:
            return value
        if kind is float:
            return value if math.isfinite(value) else None
        if id(value) in inside:
            raise BadResult(type_name(value), '%s contains itself. %s' % (path, HINT))
        if depth > MAX_DEPTH:
            raise BadResult(type_name(value), 'The result is nested more than %d deep. %s' % (MAX_DEPTH, HINT))
        inside += (id(value),)
        try:
            simpler = _simpler(value, kind)
            if simpler is _container:
                return self._contents(value, path, inside, depth + 1)
        except (BadResult, RecursionError, MemoryError):
            raise
        except Exception:
            # Its methods raise, but its text may be readable.
            simpler = value
        except BaseException as error:
            raise BadResult(type_name(value), unreadable_value(path, value, error)) from None
        if simpler is value:
            return self._text(value, path)
        return self.value(simpler, path, inside, depth + 1)

    def key(self, key, path):
        """A key as text, in the form of `json`."""
        if type(key) is str:
            return key
        text = self.value(key, 'a key of ' + path, (), 0)
        return text if isinstance(text, str) else _encode(text)

    def _contents(self, value, path, inside, depth):
        if isinstance(value, collections.abc.Mapping):
            return self._object(value.items(), path, inside, depth)
        if isinstance(value, (set, frozenset)):
            try:
                value = sorted(value)
            except TypeError:
                value = list(value)
        return [self.value(item, '%s[%d]' % (path, place), inside, depth) for place, item in enumerate(value)]

    def _object(self, items, path, inside, depth):
        made = {}
        for key, item in items:
            name = self.key(key, path)
            if name in made:
                raise BadResult(type_name(key), 'Two keys of %s are %r, when they are text. Rename one.' % (path, name))
            made[name] = self.value(item, '%s[%r]' % (path, key), inside, depth)
        return made

    def _text(self, value, path):
        try:
            text = _text_of(value)
        except (RecursionError, MemoryError):
            raise
        except BaseException as error:
            raise BadResult(type_name(value), unreadable_value(path, value, error)) from None
        self.texts.setdefault(self._column or path, (path, type_name(value)))
        return text


def _simpler(value, kind):
    """A simpler value; `_container` for containers; the value itself if its type is unknown."""
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
        # pandas.NaT is not equal to itself.
        return None if value != value else value.isoformat()
    if isinstance(value, (bytes, bytearray, memoryview)):
        try:
            return bytes(value).decode()
        except UnicodeDecodeError:
            return value
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    if isinstance(value, (dict, list, tuple, set, frozenset, collections.abc.Mapping)):
        return _container
    if isinstance(value, type):
        return value
    if record_types.has_root(value):
        return value.root
    fields = record_types.fields_of(value)
    return _foreign(value, kind) if fields is None else dict(fields)


def _foreign(value, kind):
    """A simpler value for types that are recognised by name, or by methods that many libraries have."""
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
    if record_types.is_of(value, 'xarray', 'DataArray', 'Variable'):
        return value.values
    dtype = getattr(value, 'dtype', None)
    if (getattr(dtype, 'kind', None) in ('M', 'm') or getattr(dtype, 'names', None)) and hasattr(value, 'ndim'):
        # numpy's .tolist() makes numbers of times, and drops the names of fields.
        return list(value) if value.ndim else value[()]
    frame = dataframes.frame_of(value)
    if frame is not None:
        return [dict(zip(frame.names, row)) for row in frame.rows()]
    for method in ('tolist', 'to_list', 'to_pylist', 'as_py', 'item', 'isoformat'):
        call = getattr(value, method, None)
        if callable(call):
            simpler = call()
            # numpy.longdouble returns itself.
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


def _text_of(value):
    """str() of the value, without addresses, at most MAX_TEXT characters; raises what str() raises."""
    if isinstance(value, (bytes, bytearray, memoryview)):
        return _clip(repr(bytes(value[: MAX_TEXT + 1])))
    text = _clip(_ADDRESS.sub('', str.__str__(str(value))[: 2 * MAX_TEXT]))
    if isinstance(value, BaseException):
        name = type(value).__name__
        return '%s: %s' % (name, text) if text else name
    return text


def _clip(text):
    return text if len(text) <= MAX_TEXT else text[:MAX_TEXT] + '...'
