"""Functions behind decorators without functools.wraps."""
import unittest

from support import WorkerTest

ECHO = """
import functools, time
def timed(f):
    def w(*a, **k):
        began = time.time()
        return dict(f(*a, **k), timed=True)
    return w
def by_name(f):
    return lambda **k: f(**k)
def by_position(f):
    def w(*a):
        return f(*a)
    return w
class Logged:
    def __init__(self, f): self.f, self.calls = f, []
    def __call__(self, *a, **k):
        return self.f(*a, **k)
def with_helpers(f, log=print, check=lambda value: value):
    def w(*a, **k):
        log('called')
        return check(f(*a, **k))
    return w
"""
SHOWN = {'file': 'a.csv', 'column': 'Power'}
BODY = 'return {"file": curr_process_file, "column": curr_process_column}'
PLAIN = 'def entrypoint(data_bucket, curr_process_file, curr_process_column):\n    ' + BODY


class Wrapped(WorkerTest):
    def record(self, source):
        return self.run_tasks(ECHO + source, [('a.csv', 'Power')]).records()[0]

    def result(self, source):
        record = self.record(source)
        self.assertEqual(record['status'], 'succeeded', record)
        return record['result']

    def test_gets_what_the_function_inside_names(self):
        self.assertEqual(self.result('@timed\n' + PLAIN), dict(SHOWN, timed=True))
        for wrapper in ('by_name', 'by_position', 'Logged', 'with_helpers', 'by_name\n@by_name', 'Logged\n@timed\n@with_helpers'):
            with self.subTest(wrapper):
                result = self.result('@%s\n%s' % (wrapper, PLAIN))
                self.assertEqual({key: result[key] for key in SHOWN}, SHOWN)

    def test_a_function_of_another_name(self):
        for source in ('entrypoint = timed(work)', 'entrypoint = Logged(timed(work))', 'entrypoint = functools.partial(timed(work))',
                       'entrypoint = Logged(work).__call__'):
            with self.subTest(source):
                result = self.result(PLAIN.replace('entrypoint', 'work') + '\n' + source)
                self.assertEqual({key: result[key] for key in SHOWN}, SHOWN)

    def test_one_that_wants_all(self):
        result = self.result('@timed\ndef entrypoint(curr_process_file, own=1, **rest):\n    return dict(rest, own=own, file=curr_process_file)')
        self.assertEqual((result['file'], result['own'], result['curr_process_column'], result['attempt']), ('a.csv', 1, 'Power', 1))

    def test_defaults_by_position(self):
        result = self.result('@by_position\ndef entrypoint(curr_process_column, curr_process_file="x", own=2):\n    return dict(locals())')
        self.assertEqual(result, {'curr_process_column': 'Power', 'curr_process_file': 'a.csv', 'own': 2})

    def test_one_that_makes_the_arguments_itself_gets_everything(self):
        source = 'def inner(path, column): return {"file": path, "column": column}\n' \
            'def made(f):\n    def w(**k):\n        return f(k["curr_process_file"], k["curr_process_column"])\n    return w\n' \
            'entrypoint = made(inner)'
        self.assertEqual(self.result(source), SHOWN)
        self.assertGreater(self.result('def entrypoint(*a, **k): return {"n": len(k)}')['n'], 10)

    def test_what_cannot_be_found_out_is_told_with_the_remedy(self):
        # Two of them, so that nobody knows which is called.
        source = 'def either(f, g):\n    def w(*a, **k):\n        return (f or g)(*a, **k)\n    return w\n' \
            'def one(curr_process_file): return {}\ndef two(curr_process_column): return {}\nentrypoint = either(one, two)'
        error = self.record(source)['error']
        self.assertEqual((error['class'], error['type']), ('exception', 'TypeError'))
        self.assertRegex(error['message'], r"unexpected keyword argument .*\nentrypoint is wrapped by a decorator .*@functools\.wraps\(function\)")

    def test_other_errors_are_as_they_were(self):
        error = self.record('@timed\ndef entrypoint(curr_process_file):\n    return 1 + "x"')['error']
        self.assertNotIn('functools', error['message'])
        error = self.record('def entrypoint(*a, **k):\n    return int(k, wrong=1)')['error']
        self.assertNotIn('functools', error['message'])


if __name__ == '__main__':
    unittest.main()
