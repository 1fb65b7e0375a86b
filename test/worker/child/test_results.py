"""From what the function returns to JSON."""
import collections
import dataclasses
import datetime
import decimal
import enum
import fractions
import json
import os
import pathlib
import sys
import unittest
import uuid

from support import MAIN, WorkerTest

sys.path.insert(0, os.path.dirname(os.path.dirname(MAIN)))
from gcd_worker.child.results.encode_result import encode  # noqa: E402
from gcd_worker.child.results.json_values import BadResult  # noqa: E402


class Scalar:
    """Like a numpy scalar."""

    def __init__(self, value):
        self.value = value

    def item(self):
        return self.value


class Array:
    """Like a numpy array or a pandas series."""

    def __init__(self, *values):
        self.values = values

    def tolist(self):
        return list(self.values)


class Times(Array):
    """Like a numpy array of times, whose .tolist() loses their unit."""

    class dtype:  # noqa: N801
        kind = 'M'

    ndim = 1

    def __iter__(self):
        return iter(self.values)

    def tolist(self):
        return [0 for _ in self.values]


class longdouble:  # noqa: N801
    """Like numpy's, which has nothing simpler."""

    def item(self):
        return self

    def __float__(self):
        return 1.5


class NAType:
    """Like pandas.NA."""

    def __bool__(self):
        raise TypeError('boolean value of NA is ambiguous')

    def __eq__(self, other):
        return self

    __hash__ = None


class NaTType(datetime.datetime):
    """Like pandas.NaT: a datetime, unequal to itself."""

    def __eq__(self, other):
        return False

    def __ne__(self, other):
        return True

    __hash__ = datetime.datetime.__hash__

    def isoformat(self):
        return 'NaT'


class timedelta64:  # noqa: N801
    """Like numpy's: nanoseconds inside, only division tells seconds."""

    __module__ = 'numpy'

    def __init__(self, value, unit='ns'):
        self.value = value * {'ns': 1, 's': 1_000_000_000}[unit]

    def __truediv__(self, other):
        return self.value / other.value

    def item(self):
        return self.value


class datetime64:  # noqa: N801
    __module__ = 'numpy'

    def __init__(self, text):
        self.text = text

    def __str__(self):
        return self.text

    def item(self):
        return 1767225600000000000


class float64(float):  # noqa: N801
    """Like numpy's, which is a float."""

    __module__ = 'numpy'

    def item(self):
        return float(self)


class Colour(enum.Enum):
    RED = 'red'


@dataclasses.dataclass
class Row:
    mean: float
    tags: tuple = ('a',)


Pair = collections.namedtuple('Pair', 'left right')


class Conversions(unittest.TestCase):
    def check(self, value, expected):
        self.assertEqual(encode({'v': value}), '{"v":%s}' % expected)

    def test_plain_values_as_json_writes_them(self):
        result = {'a': 1, 'b': [1.5, True, None, 'ü"\n'], 'c': {'d': []}}
        self.assertEqual(encode(result), json.dumps(result, separators=(',', ':')))

    def test_numbers_that_json_does_not_have(self):
        self.check(float('nan'), 'null')
        self.check([float('inf'), float('-inf'), 1.0], '[null,null,1.0]')
        self.check(float64('nan'), 'null')
        self.check(float64(0.1), '0.1')
        self.check(decimal.Decimal('NaN'), 'null')

    def test_numpy_and_pandas_without_importing_them(self):
        self.check(Scalar(3), '3')
        self.check(Scalar(Scalar(float('nan'))), 'null')
        self.check(Array(1, Scalar(2.5), Array(float('nan'))), '[1,2.5,[null]]')
        self.check(NAType(), 'null')
        self.check(NaTType(2026, 1, 1), 'null')
        self.check(datetime64('NaT'), 'null')
        self.check(datetime64('2026-01-01T00:00:00'), '"2026-01-01T00:00:00"')
        self.check(timedelta64(1_500_000_000), '1.5')
        self.check(Times(datetime64('2026-01-01'), datetime64('NaT')), '["2026-01-01",null]')
        self.check(longdouble(), '1.5')

    def test_times(self):
        self.check(datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc), '"2026-01-02T03:04:05+00:00"')
        self.check(datetime.date(2026, 1, 2), '"2026-01-02"')
        self.check(datetime.time(3, 4), '"03:04:00"')
        self.check(datetime.timedelta(minutes=1, milliseconds=500), '60.5')

    def test_python_numbers(self):
        self.check(decimal.Decimal('1.10'), '1.1')
        self.check(decimal.Decimal('3'), '3')
        self.check(decimal.Decimal('0.12345678901234567890123'), '"0.12345678901234567890123"')
        self.check(fractions.Fraction(1, 4), '0.25')
        self.check(1 + 2j, '"1+2j"')

    def test_huge_integers_keep_their_digits(self):
        self.check(10**30, '1' + '0' * 30)
        self.check(10**5000, '1' + '0' * 5000)

    def test_containers(self):
        self.check((1, (2,)), '[1,[2]]')
        self.check({3, 1, 2}, '[1,2,3]')
        self.check(frozenset(), '[]')
        self.check(collections.deque([1, {2}]), '[1,[2]]')
        self.check({1: 'a', None: 'b', True: 'c', 1.5: 'd', (1, 2): {0}}, '{"1":"c","null":"b","1.5":"d","[1,2]":[0]}')
        self.check({datetime.date(2026, 1, 2): {1}}, '{"2026-01-02":[1]}')
        self.check(collections.OrderedDict(b=1, a={1}), '{"b":1,"a":[1]}')
        self.check(Row(float('nan')), '{"mean":null,"tags":["a"]}')

    def test_whole_result_may_be_a_mapping_a_dataclass_or_a_namedtuple(self):
        self.assertEqual(encode(Row(1.0)), '{"mean":1.0,"tags":["a"]}')
        self.assertEqual(encode(Pair(1, {2})), '{"left":1,"right":[2]}')
        self.assertEqual(encode(collections.ChainMap({'a': 1})), '{"a":1}')
        self.assertEqual(encode({}), '{}')

    def test_texts(self):
        self.check('\ud800x', '"\\ud800x"')
        self.check(b'abc', '"abc"')
        self.check(Colour.RED, '"red"')
        self.check(pathlib.PurePosixPath('/a/b'), '"/a/b"')
        self.check(uuid.UUID(int=1), '"00000000-0000-0000-0000-000000000001"')

    def test_the_same_value_twice_is_no_cycle(self):
        shared = [{1}]
        self.check([shared, shared], '[[[1]],[[1]]]')


class Refusals(unittest.TestCase):
    def refuse(self, result, *words):
        with self.assertRaises(BadResult) as caught:
            encode(result)
        for word in words:
            self.assertIn(word, str(caught.exception))
        # The encoder has no memory of it.
        self.assertEqual(encode({'a': [1]}), '{"a":[1]}')

    def test_not_a_row(self):
        self.refuse(None, 'dict', 'None', 'return')
        self.refuse([1], 'dict', 'element 0', 'int')
        self.refuse({1}, 'dict', 'set')
        self.refuse(5, 'dict', 'int')
        self.refuse('text', 'dict', 'str')
        self.refuse(Row, 'dict')

    def test_texts_that_cannot_be_had_are_named_by_their_path(self):
        class Mute:
            def __str__(self):
                raise ValueError('no')

        self.refuse({'a': [{'b': Mute()}]}, "result['a'][0]['b']", 'Mute', 'ValueError: no')
        self.refuse({Mute(): 1}, 'a key of result', 'Mute')

    def test_names_that_are_the_same_as_text(self):
        self.refuse({1: 'a', '1': 'b'}, "'1'", 'Two keys of result')
        self.refuse({'n': {None: 'a', 'null': {1}}}, "'null'", "result['n']")
        self.refuse({float('nan'): 1, None: 2}, "'null'")

    def test_cycles_and_depth(self):
        cycle = {'a': []}
        cycle['a'].append(cycle)
        self.refuse(cycle, 'contains itself')
        mixed = {'a': [{1}]}
        mixed['a'].append(mixed)
        self.refuse(mixed, 'contains itself')
        deep = []
        for _ in range(100_000):
            deep = [deep]
        self.refuse({'a': deep}, 'deep')

    def test_endless_conversion_ends(self):
        class Box:
            def __init__(self, inner):
                self.inner = inner

        class Endless(Box):
            def tolist(self):
                return [Endless(self)]

        self.refuse({'a': Endless(None)}, 'deep')


class Integration(WorkerTest):
    def test_bad_results_are_not_retried_and_name_the_class(self):
        source = """
        def entrypoint(curr_process_file, **_):
            class Mute:
                __str__ = None
            return {'none': None, 'object': {'a': {'b': Mute()}}, 'good': {'n': float('nan')}}[curr_process_file]
        """
        supervisor = self.run_tasks(source, ['none', 'object', 'good'], max_attempts=3, retry_exceptions=3)
        records = supervisor.records()
        for index in (0, 1):
            self.assertEqual(self.error(records[index])['class'], 'bad-result')
            self.assertEqual(records[index]['attempt'], 1)
        self.assertIn('Mute', self.error(records[1])['type'])
        self.assertIn("result['a']['b']", self.error(records[1])['message'])
        self.assertEqual(records[2]['result'], {'n': None})

    def test_coroutine_is_explained(self):
        source = "async def inner(): pass\ndef entrypoint(**_):\n    c = inner()\n    return c"
        self.assertIn('async', self.error(self.run_tasks(source, ['a']).records()[0])['message'])

    def test_fifty_megabytes_of_text_pass(self):
        source = "def entrypoint(**_):\n    return {'text': 'é' + 'x' * 50_000_000}"
        supervisor = self.run_tasks(source, ['a', 'b'])
        for index in (0, 1):
            text = supervisor.records()[index]['result']['text']
            self.assertEqual((len(text), text[:2], text[-1]), (50_000_001, 'éx', 'x'))


if __name__ == '__main__':
    unittest.main()
