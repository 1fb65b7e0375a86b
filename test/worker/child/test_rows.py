"""What functions return as rows: one, several, none; values without a form; libraries by what their classes have."""
import collections
import csv
import datetime
import decimal
import io
import json
import os
import sys
import types
import unittest

from support import MAIN, WorkerTest

sys.path.insert(0, os.path.dirname(os.path.dirname(MAIN)))
from gcd_worker.child.results import encode_result  # noqa: E402
from gcd_worker.protocol.records import record_of  # noqa: E402
from gcd_worker.child.results.bad_result import BadResult  # noqa: E402

NAN = float('nan')


def encode(result, noted=None):
    return json.loads(encode_result.encode(result, noted))


def of(library, name, **members):
    """A class that says it is a library's."""
    return type(name, (), dict(members, __module__=library))


class Rows(unittest.TestCase):
    def refuse(self, result, *words):
        with self.assertRaises(BadResult) as caught:
            encode_result.encode(result)
        for word in words:
            self.assertIn(word, str(caught.exception))
        self.assertEqual(encode_result.encode({'a': [1]}), '{"a":[1]}')

    def test_a_list_of_dicts_is_several_rows(self):
        self.assertEqual(encode([{'a': 1}, {'b': NAN, 'c': {2}}]), [{'a': 1}, {'b': None, 'c': [2]}])
        self.assertEqual(encode(({'a': 1},)), [{'a': 1}])
        self.assertEqual(encode(collections.deque([{'a': 1}])), [{'a': 1}])
        self.assertEqual(encode({'x': {'a': 1}, 'y': {'a': 2}}.values()), [{'a': 1}, {'a': 2}])

    def test_none_at_all(self):
        for empty in ([], (), iter(())):
            self.assertEqual(encode(empty), [])

    def test_rows_of_all_kinds_in_a_list(self):
        Pair = collections.namedtuple('Pair', 'left right')
        rows = [Pair(1, 2), types.SimpleNamespace(left=3), collections.OrderedDict(left=4)]
        self.assertEqual(encode(rows), [{'left': 1, 'right': 2}, {'left': 3}, {'left': 4}])

    def test_a_dict_of_lists_stays_one_row(self):
        self.assertEqual(encode({'a': [1, 2], 'b': [{'c': 3}, {'c': 4}]}), {'a': [1, 2], 'b': [{'c': 3}, {'c': 4}]})

    def test_iterators_of_rows(self):
        self.assertEqual(encode({'n': n} for n in range(2)), [{'n': 0}, {'n': 1}])
        self.assertEqual(encode(map(dict, [[('a', 1)]])), [{'a': 1}])
        self.assertEqual(encode(csv.DictReader(io.StringIO('a\n1\n'))), [{'a': '1'}])

    def test_an_iterator_raises_what_it_raises(self):
        def rows():
            yield {'a': 1}
            raise KeyError('mine')

        with self.assertRaises(KeyError):
            encode_result.encode(rows())

    def test_what_is_no_row_is_named(self):
        self.refuse([{'a': 1}, 5], 'element 1', 'int', 'dict')
        self.refuse([{'a': 1}, None], 'element 1', 'NoneType')
        self.refuse([[{'a': 1}]], 'element 0', 'list')
        self.refuse([[('a', 1)]], 'element 0')
        self.refuse(iter('ab'), 'element 0', 'str')
        self.refuse(b'ab', 'bytes')

    def test_names_that_collide_in_a_row_of_several(self):
        self.refuse([{'a': 1}, {1: 2, '1': 3}], 'Two keys of result[1]')

    def test_too_much_names_output_dir(self):
        for name in ('MAX_BYTES', 'MAX_ROWS_BYTES'):
            self.addCleanup(setattr, encode_result, name, getattr(encode_result, name))
        encode_result.MAX_BYTES, encode_result.MAX_ROWS_BYTES = 2000, 1000
        self.refuse([{'a': 'x' * 600}, {'a': 'x' * 600}], 'output_dir', 'results/files', 'several rows')
        self.assertEqual(len(encode({'a': 'x' * 1100})['a']), 1100)
        self.refuse({'a': 'x' * 2100}, 'output_dir', 'what a task returns')
        self.refuse(({'n': n} for n in iter(int, 1)), 'output_dir')
        asked = []
        frame = Frame({'long name': range(100)})
        frame.get_column = asked.append
        self.refuse(frame, 'output_dir')
        self.assertEqual(asked, [])


class Texts(unittest.TestCase):
    def text(self, value, expected, kind=None):
        noted = {}
        self.assertEqual(encode({'good': 1.5, 'v': value}, noted), {'good': 1.5, 'v': expected})
        self.assertEqual(list(noted), ['v'])
        if kind:
            self.assertEqual(noted['v'][1], kind)

    def test_a_value_without_a_form_becomes_its_text(self):
        Period = of('pandas._libs.tslibs.period', 'Period', __str__=lambda self: '2026-01')
        self.text(Period(), '2026-01', 'pandas._libs.tslibs.period.Period')
        self.text(datetime.timezone.utc, 'UTC', 'datetime.timezone')
        self.text(ValueError('no sun'), 'ValueError: no sun', 'ValueError')
        self.text(KeyError(), 'KeyError')
        self.text(int, "<class 'int'>")
        self.text(len, '<built-in function len>')
        self.text(b'\xff\x00', "b'\\xff\\x00'")

    def test_without_where_it_lies_in_memory(self):
        self.text(object(), '<object object>', 'object')
        self.text(lambda: 0, '<function Texts.test_without_where_it_lies_in_memory.<locals>.<lambda>>')

    def test_of_a_bounded_length(self):
        Long = of('mine', 'Long', __str__=lambda self: 'é' * 100_000)
        self.text(Long(), 'é' * 1000 + '...')
        self.text(b'\xff' * 1_000_000, ("b'" + '\\xff' * 1000)[:1000] + '...')

    def test_of_one_whose_methods_raise(self):
        def no(self):
            raise RuntimeError('on another device')

        Tensor = of('torch', 'Tensor', tolist=no, __str__=lambda self: 'tensor')
        self.text(Tensor(), 'tensor', 'torch.Tensor')
        with self.assertRaises(BadResult):
            encode_result.encode(type('Broken', (collections.UserDict,), {'items': no})())

    def test_where_it_is(self):
        noted = {}
        encode({'a': 1, 'deep': [{'b': [object(), int]}], 'key': {object(): 1}}, noted)
        self.assertEqual(
            noted,
            {
                'deep': ("result['deep'][0]['b'][0]", 'object'),
                'key': ("a key of result['key']", 'object'),
            },
        )

    def test_in_rows_and_none_where_there_is_none(self):
        noted = {}
        self.assertEqual(encode([{'v': 1}, {'v': int}, {'v': int}], noted)[1], {'v': "<class 'int'>"})
        self.assertEqual(noted, {'v': ("result[1]['v']", 'type')})
        noted = {}
        encode({'a': decimal.Decimal(1), 'b': [NAN], 'c': datetime.date(2026, 1, 1)}, noted)
        self.assertEqual(noted, {})

    def test_memory_that_is_used_up_is_no_bad_result(self):
        def no(self):
            raise MemoryError

        with self.assertRaises(MemoryError):
            encode_result.encode({'a': of('mine', 'Large', tolist=no)()})


class Frame:
    """Like polars'."""

    __module__ = 'polars.dataframe.frame'

    def __init__(self, columns):
        self._columns = columns
        self.columns = list(columns)
        self.height = len(next(iter(columns.values()))) if columns else 0

    def get_column(self, name):
        return Column(self._columns[name])


Frame.__name__ = 'DataFrame'


class Column:
    """Like polars' Series."""

    __module__ = 'polars.series.series'
    name = 'power'

    def __init__(self, values):
        self._values = list(values)

    def to_list(self):
        return self._values

    def __len__(self):
        return len(self._values)


Column.__name__ = 'Series'


class Records(unittest.TestCase):
    """Fakes, which have what the real classes have."""

    def test_pydantic(self):
        Two = of('mine', 'Two', model_fields={'a': 1}, __fields__={}, model_dump=lambda self: {'a': 1, 'b': {'c': NAN}})
        self.assertEqual(encode(Two()), {'a': 1, 'b': {'c': None}})
        self.assertEqual(encode({'v': Two()}), {'v': {'a': 1, 'b': {'c': None}}})
        One = of('mine', 'One', __fields__={'a': 1}, dict=lambda self: {'a': 2})
        self.assertEqual(encode([One(), Two()]), [{'a': 2}, {'a': 1, 'b': {'c': None}}])

    def test_attrs(self):
        names = [types.SimpleNamespace(name=name) for name in ('a', '_b', 'unset')]
        Row = of('mine', 'Row', __attrs_attrs__=names)
        row = Row()
        row.a, row._b = 1, [NAN]
        self.assertEqual(encode(row), {'a': 1, '_b': [None]})

    def test_namespaces_structs_and_rows_of_databases(self):
        self.assertEqual(encode(types.SimpleNamespace(a=1, b=NAN)), {'a': 1, 'b': None})
        self.assertEqual(encode({'v': types.SimpleNamespace(a=1)}), {'v': {'a': 1}})
        Struct = of('mine', 'Struct', __struct_fields__=('a',), a=3)
        self.assertEqual(encode(Struct()), {'a': 3})
        Row = of('sqlite3', 'Row', keys=lambda self: ['a'], __getitem__=lambda self, name: 4)
        self.assertEqual(encode(Row()), {'a': 4})

    def test_polars(self):
        frame = Frame({'time': [datetime.date(2026, 1, 1), None], 'power': [1.5, NAN]})
        rows = [{'time': '2026-01-01', 'power': 1.5}, {'time': None, 'power': None}]
        self.assertEqual(encode(frame), rows)
        self.assertEqual(encode({'v': frame}), {'v': rows})
        self.assertEqual(encode(Frame({'a': []})), [])
        self.assertEqual(encode(Column([1, NAN])), [{'power': 1}, {'power': None}])
        self.assertEqual(encode({'v': Column([1, NAN])}), {'v': [1, None]})
        Lazy = of('polars.lazyframe.frame', 'LazyFrame')
        with self.assertRaisesRegex(BadResult, r'collect\(\)'):
            encode_result.encode(Lazy())

    def test_a_cycle_through_a_record(self):
        row = types.SimpleNamespace()
        row.me = row
        with self.assertRaisesRegex(BadResult, 'contains itself'):
            encode_result.encode({'v': row})


class OfTheAgent(unittest.TestCase):
    def test_a_list_of_rows_is_a_result(self):
        record = '{"status":"succeeded","index":0,"task":"t","attempt":1,"start":1.0,"end":2.0,"cpu":0.1,"memory":1,"result":%s}'
        for result, task in (('[{"a":1},{}]', 't'), ('[]', 't'), ('{}', 't'), ('[1]', ''), ('[[]]', ''), ('"x"', '')):
            self.assertEqual(record_of((record % result).encode()), task, result)


class Integration(WorkerTest):
    source = """
    def entrypoint(curr_process_file, **_):
        def rows():
            yield {'n': 1}
            raise RuntimeError('in the middle')
        if curr_process_file == 'several':
            return [{'n': 1}, {'n': float('nan')}]
        if curr_process_file == 'broken':
            return rows()
        if curr_process_file == 'texts':
            print('begun', end='')
            return {'kept': 5.1, 'freq': object(), **{'x%d' % n: int for n in range(7)}}
        return {'plain': 1} if curr_process_file == 'one' else []
    """

    def test_rows_of_tasks_in_their_records(self):
        supervisor = self.run_tasks(self.source, ['several', 'broken', 'texts', 'one', 'none'], log=None)
        records = supervisor.records()
        self.assertEqual(records[0]['result'], [{'n': 1}, {'n': None}])
        error = self.error(records[1])
        self.assertEqual((error['class'], error['type'], error['message']), ('exception', 'RuntimeError', 'in the middle'))
        self.assertIn('in rows', error['traceback'])
        self.assertEqual(records[2]['result']['freq'], '<object object>')
        self.assertEqual(records[2]['texts'], dict({'freq': 'object'}, **{'x%d' % n: 'type' for n in range(4)}))
        self.assertEqual(records[3]['result'], {'plain': 1})
        self.assertNotIn('texts', records[3])
        self.assertEqual(records[4]['result'], [])

    def test_what_became_text_is_in_the_output_of_its_task(self):
        supervisor = self.run_tasks(self.source, ['one', 'texts', 'none'], keep_output=True)
        records = supervisor.records()
        self.assertEqual([index for index in records if 'as text' in records[index].get('output', '')], [1])
        self.assertIn("gcd-sfn: has no form in a table, and was taken as text: result['freq'] (object), ", records[1]['output'])
        self.assertIn(' and 3 more\n', records[1]['output'])

    def test_together_with_files(self):
        source = "def entrypoint(**_):\n    open('a.txt', 'w').write('x')\n    return [{'v': int}, {}]"
        record = self.run_tasks(source, ['a']).records()[0]
        self.assertEqual(record['texts'], {'v': 'type'})
        self.assertEqual(record['files']['list'], [['a.txt', 1]])


if __name__ == '__main__':
    unittest.main()
