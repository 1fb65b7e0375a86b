"""Whatever a function may return. A good row has the columns `column` and `value`, as those of the other tasks."""
import collections
import dataclasses
import datetime
import decimal
import sys


class Raising(dict):
    def items(self):
        raise SystemExit('no items')

    __iter__ = keys = values = items


class Foreign:
    """As a scalar of numpy or pandas looks to those who do not know it."""

    def __init__(self, value):
        self.value = value

    def item(self):
        return self.value


Foreign.__module__, Foreign.__name__, Foreign.__qualname__ = 'numpy', 'float64', 'float64'
NAType = type('NAType', (), {'__module__': 'pandas._libs.missing'})


class Timestamp:
    def isoformat(self):
        return '2024-02-29T12:00:00'


@dataclasses.dataclass
class Row:
    column: str
    value: int


def none():
    return None


def a_list():
    return [1, 2]


def an_object():
    return object()


def an_exception():
    return ValueError('returned, not raised')


def a_generator():
    return (number for number in range(3))


def unknown_value():
    return {'column': 'unknown_value', 'value': object()}


def cyclic():
    row = {'column': 'cyclic'}
    row['value'] = row
    return row


def deep():
    value = []
    for _ in range(100_000):
        value = [value]
    return {'column': 'deep', 'value': value}


def raising_items():
    return Raising(column='raising_items')


def raw_bytes():
    return {'column': 'raw_bytes', 'value': b'\xff\xfe'}


def no_numbers():
    return {'column': 'no_numbers', 'value': float('nan'), 'b': float('inf'), 'c': -float('inf')}


def fake_scalars():
    return {'column': 'fake_scalars', 'value': Foreign(2.5), 'b': NAType(), 'c': Timestamp()}


def real_scalars():
    """The same row with and without numpy, of its own types where it is there."""
    try:
        import numpy
    except ImportError:
        return {'column': 'real_scalars', 'value': 2.5, 'b': 7, 'c': [1, 2]}
    return {'column': 'real_scalars', 'value': numpy.float64(2.5), 'b': numpy.int64(7), 'c': numpy.array([1, 2])}


def decimals():
    return {'column': 'decimals', 'value': decimal.Decimal('12.50'), 'b': decimal.Decimal('0.1' + '0' * 30 + '1')}


def huge_int():
    return {'column': 'huge_int', 'value': 10**5000}


def dates():
    return {'column': 'dates', 'value': datetime.date(2024, 2, 29), 'b': datetime.timedelta(seconds=1.5)}


def long_text():
    return {'column': 'long_text', 'value': 'x' * 50_000_000}


def accents():
    return {'column': 'accents', 'value': 'é' * 5_000_000}


def surrogates():
    return {'column': 'surrogates', 'value': 'a\udce9b'}


def formula():
    return {'column': 'formula', 'value': '=1+1\n"quoted", and more'}


def nested():
    return {'column': 'nested', 'value': {'a': [1, {'b': None}]}}


def odd_keys():
    return {'column': 'odd_keys', 1: 'one', None: 'none', '': 'empty', (1, 2): 'tuple'}


def other_rows():
    return Row('other_rows', 3)


def named_tuple():
    return collections.namedtuple('Row', 'column value')('named_tuple', 4)


def no_fields():
    return {}


def recursion_limit_of_its_own():
    sys.setrecursionlimit(120)
    return {'column': 'recursion_limit_of_its_own', 'value': [[[1]]]}
