"""Loading projects: what works, and what is said when it does not."""
import json
import os
import subprocess
import sys
import unittest

from support import MAIN, WorkerTest, place_of

GOOD = 'def entrypoint(**_):\n    return {"ok": 1}\n'


class Loading(WorkerTest):
    def result(self, project, **settings):
        supervisor = self.supervisor(project, **settings)
        supervisor.batch(0, ['a'])
        supervisor.until_batch(0)
        record = supervisor.records()[0]
        self.assertEqual(record['status'], 'succeeded', record)
        return record['result']

    def test_relative_and_absolute_imports(self):
        source = """
        from .my_modules import x
        from .sub import y
        from . import my_modules
        import my_modules as absolute
        from sub.inner import z
        def entrypoint(**_):
            return {'values': [x, y, my_modules.x, absolute.x, z]}
        """
        project = self.project(
            source, my_modules__py='x = 1', sub______init______py='from ..my_modules import x\ny = x + 1', sub___inner__py='z = 3'
        )
        os.makedirs(project + '/sub', exist_ok=True)
        with open(project + '/sub/__init__.py', 'w') as file:
            file.write('y = 2')
        self.assertEqual(self.result(project), {'values': [1, 2, 1, 1, 3]})

    def test_any_folder_name(self):
        for name in ('my-project', '2nd project', 'v1.2', 'json', 'ü+(x)', 'import'):
            project = self.project('from .other import x\nimport os\ndef entrypoint(**_):\n    return {"x": x, "cwd": os.getcwd()}', name=name, other__py='x = 7')
            self.assertEqual(self.result(project), {'x': 7, 'cwd': place_of(project)})

    def test_modules_that_are_named_like_ours_or_like_pythons(self):
        names = ['child', 'config', 'supervisor', 'agent', 'protocol', 'runtime', 'results', 'tasks', 'page', 'queue', 'json', 'signal', 'gcd_worker', 'convert', 'traceback', 'resource', 'inspect', 'messages']
        source = ''.join('import %s\n' % name for name in names) + (
            'def entrypoint(curr_process_file, **_):\n'
            '    if curr_process_file == "bad": raise ValueError(child.NAME)\n'
            '    return {"names": [module.NAME for module in (%s)]}' % ', '.join(names)
        )
        project = self.project(source, **{name + '__py': 'NAME = %r' % name for name in names})
        supervisor = self.supervisor(project)
        supervisor.batch(0, ['a', 'bad', 'a'])
        supervisor.until_batch(0)
        self.assertEqual(supervisor.records()[0]['result'], {'names': names})
        self.assertEqual(supervisor.records()[1]['error']['message'], 'child')
        self.assertEqual(supervisor.records()[2]['status'], 'succeeded')

    def test_the_workers_folder_is_not_importable(self):
        source = """
        import sys
        def entrypoint(**_):
            found = []
            for name in ('supervisor', 'child', 'capture', 'slot'):
                try: __import__(name); found.append(name)
                except ImportError: pass
            return {'found': found, 'first': sys.path[0], 'argv': sys.argv}
        """
        project = self.project(source)
        self.assertEqual(self.result(project), {'found': [], 'first': place_of(project), 'argv': [place_of(project) + '/entrypoint.py']})

    def test_own_init_of_the_project(self):
        project = self.project('from . import VALUE\ndef entrypoint(**_):\n    return {"v": VALUE}')
        with open(project + '/__init__.py', 'w') as file:
            file.write('from .other import VALUE\n')
        with open(project + '/other.py', 'w') as file:
            file.write('VALUE = 5\n')
        self.assertEqual(self.result(project), {'v': 5})

    def test_spawned_processes_find_the_projects_functions(self):
        source = """
        import multiprocessing
        from .work import double
        def own(n): return n + 1
        def entrypoint(**_):
            with multiprocessing.get_context('spawn').Pool(1) as pool:
                return {'doubled': pool.map(double, [1, 2]), 'own': pool.map(own, [1])}
        """
        project = self.project(source, name='my-project', work__py='def double(n): return 2 * n')
        self.assertEqual(self.result(project), {'doubled': [2, 4], 'own': [2]})


class Invalid(WorkerTest):
    def invalid(self, project, **settings):
        supervisor = self.supervisor(project, **settings)
        supervisor.batch(0, ['a'])
        code = supervisor.rest()
        self.assertEqual(code, 2)
        self.assertEqual(len(supervisor.messages), 1, supervisor.messages)
        message = supervisor.messages[0]
        self.assertEqual(list(message), ['event', 'error', 'message', 'hint'])
        self.assertEqual(message['event'], 'invalid')
        return message

    def of(self, source, **files):
        return self.invalid(self.project(source, **files))

    def test_no_entrypoint(self):
        folder = self.folder()
        message = self.invalid(folder)
        self.assertEqual(message['error'], 'no-entrypoint')
        self.assertIn(folder, message['message'])

    def test_no_project(self):
        self.assertEqual(self.invalid(self.folder() + '/nowhere')['error'], 'no-entrypoint')

    def test_no_function(self):
        message = self.of('def entry_point(**_): pass')
        self.assertEqual(message['error'], 'no-function')
        self.assertIn('def entrypoint', message['hint'])

    def test_not_callable(self):
        message = self.of('entrypoint = 7')
        self.assertEqual(message['error'], 'not-callable')
        self.assertIn('int', message['message'])

    def test_syntax_error_as_python_shows_it(self):
        for message in (self.of('def entrypoint(**_):\n    retrun 1 +\n'), self.of('import helper', helper__py='x = = 1')):
            self.assertEqual(message['error'], 'syntax-error')
            self.assertIn('.py", line ', message['message'])
            self.assertIn('^', message['message'])
            self.assertIn('SyntaxError: invalid syntax', message['message'])

    def test_missing_package_with_the_line_for_requirements(self):
        known = {
            'import sklearn.linear_model': 'scikit-learn',
            'import google.cloud.storage': 'google-cloud-storage',
            'from google.cloud import (bigquery,\n  storage)': 'google-cloud-bigquery',
            'import xarray as xr': 'xarray',
        }
        # As in a Python without packages.
        none = 'import sys\nsys.path[:] = [p for p in sys.path if "-packages" not in p]\n'
        for source, package in known.items():
            message = self.of(none + source)
            self.assertEqual(message['error'], 'missing-module')
            self.assertEqual(message['hint'], 'Add this line to requirements.txt: ' + package)
            self.assertIn('entrypoint.py", line 3', message['message'])

    def test_missing_module_that_may_be_a_file_of_the_project(self):
        folder = self.project('import utils')
        message = self.invalid(folder)
        self.assertEqual(message['error'], 'missing-module')
        self.assertIn('`utils`, which is not installed', message['message'])
        self.assertTrue(message['hint'].startswith('If `utils` is a file of the project, it is missing'), message)
        self.assertIn('no utils.py and no folder utils in %s.' % folder, message['hint'])
        self.assertNotIn('requirements.txt: utils', message['hint'])
        self.assertIn('If it is a package', message['hint'])

    def test_missing_module_that_lies_elsewhere_in_the_project(self):
        folder = self.project('import utils')
        for path in ('src/utils.py', 'Utils/a.py', '.venv/utils.py', 'data/utils/a.csv'):
            os.makedirs(os.path.dirname(os.path.join(folder, path)), exist_ok=True)
            open(os.path.join(folder, path), 'w').close()
        self.assertIn('There is Utils and %s: import it' % os.path.join('src', 'utils.py'), self.invalid(folder)['hint'])

    def test_missing_module_of_a_package(self):
        message = self.of(
            'import sys, tempfile, os\n'
            'folder = tempfile.mkdtemp()\n'
            'open(os.path.join(folder, "barley.py"), "w").write("import nosuchgrain")\n'
            'sys.path.append(folder)\n'
            'import barley\n'
        )
        self.assertIn('imported by a package', message['hint'])

    def test_missing_part_of_a_package_that_is_there(self):
        message = self.of('import json.nosuch')
        self.assertIn('the package `json` is, without it', message['message'])
        self.assertIn('Correct the name', message['hint'])

    def test_missing_module_of_the_project(self):
        message = self.of('from .my_modules import x')
        self.assertEqual(message['error'], 'missing-module')
        self.assertIn('`my_modules`', message['message'])
        self.assertIn('my_modules.py', message['hint'])

    def test_exception_while_importing_with_what_was_printed(self):
        message = self.of('print("loading")\nimport helper', helper__py='import sys\nsys.stderr.write("worse")\n1 / 0')
        self.assertEqual(message['error'], 'import-failed')
        text = message['message']
        self.assertIn('ZeroDivisionError', text)
        self.assertIn('helper.py", line 3', text)
        self.assertIn('loading\nworse', text)
        self.assertNotIn('gcd_worker', text)
        self.assertNotIn('importlib', text)

    def test_exits_and_crashes_while_importing(self):
        message = self.of('import sys\nsys.exit("enough")')
        self.assertEqual(message['error'], 'import-failed')
        self.assertIn('sys.exit(enough)', message['message'])
        message = self.of('import os\nprint("so far", flush=True)\nos._exit(4)')
        self.assertEqual(message['error'], 'import-crashed')
        self.assertIn('exit code 4', message['message'])
        self.assertIn('so far', message['message'])
        message = self.of('import ctypes\nctypes.string_at(0)')
        self.assertEqual(message['error'], 'import-crashed')
        self.assertIn('SIGSEGV', message['message'])
        self.assertIn('entrypoint.py", line 2', message['message'])
        message = self.of('import os, time\nos.closerange(0, 65536)\ntime.sleep(1000)\n' + GOOD)
        self.assertEqual(message['error'], 'import-crashed')
        self.assertIn('descriptors', message['message'])

    def test_unknown_required_parameter(self):
        message = self.of('def entrypoint(data_bucket, file_name, other, known=1): pass')
        self.assertEqual(message['error'], 'wrong-signature')
        for word in ('`file_name` and `other`', 'curr_process_file', 'data_file', 'attempt'):
            self.assertIn(word, message['message'])

    def test_kinds_of_functions_that_do_not_fit(self):
        self.assertIn('async', self.of('async def entrypoint(**_): pass')['message'])
        self.assertIn('generator', self.of('def entrypoint(**_):\n    yield 1')['message'])
        self.assertIn('generator', self.of('async def entrypoint(**_):\n    yield 1')['message'])

    def test_fork_while_importing_answers_once(self):
        project = self.project('import os\nif os.fork() == 0: pass\nelse: os.wait()\n' + GOOD)
        supervisor = self.supervisor(project)
        supervisor.batch(0, ['a'])
        supervisor.until_batch(0)
        supervisor.process.stdin.close()
        supervisor.rest()
        self.assertEqual(len(supervisor.events('worker')), 1)
        self.assertEqual(sum('status' in message for message in supervisor.messages), 1)


class Check(WorkerTest):
    def check(self, project, python=sys.executable):
        done = subprocess.run([python, MAIN, 'check', project], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.assertEqual(done.stderr, b'')
        self.assertEqual(done.stdout.count(b'\n'), 1)
        return done.returncode, json.loads(done.stdout.decode())

    def of(self, source):
        return self.check(self.project(source))

    def test_good_projects_and_nothing_is_run(self):
        version = '.'.join(map(str, sys.version_info[:3]))
        for source in (
            GOOD,
            'import nonexistent\n1 / 0\n' + GOOD,
            'from elsewhere import entrypoint',
            'from elsewhere import *',
            'from elsewhere import f as entrypoint',
            'entrypoint = make()',
            'a, (entrypoint, b) = make()',
            'if 1:\n    try:\n        entrypoint: object = make()\n    except E:\n        pass',
            '@decorated\ndef entrypoint(strange): pass',
            'def entrypoint(a=nonexistent, *, b: nonexistent = 1, **c: nonexistent) -> nonexistent: pass',
            'class entrypoint:\n    pass',
        ):
            self.assertEqual((source, self.of(source)), (source, (0, {'ok': True, 'python': version})))

    def test_bad_projects(self):
        for source, error in (
            ('x = 1\ndef f():\n    entrypoint = 1', 'no-function'),
            ('def entrypoint(:', 'syntax-error'),
            ('return 1', 'syntax-error'),
            ('x = "\0"', 'syntax-error'),
            ('async def entrypoint(): pass', 'wrong-signature'),
            ('def entrypoint():\n    yield', 'wrong-signature'),
            ('def entrypoint(strange): pass', 'wrong-signature'),
        ):
            code, message = self.of(source)
            self.assertEqual((source, code, message['event'], message['error']), (source, 2, 'invalid', error))
        self.assertEqual(self.check(self.folder())[1]['error'], 'no-entrypoint')

    def test_a_generator_inside_is_no_generator(self):
        self.assertEqual(self.of('def entrypoint():\n    def inner():\n        yield\n    return {}')[0], 0)

    def test_old_pythons_are_told_so(self):
        # In place of an old interpreter, which few machines have: the version that the file sees.
        for command in (['supervise'], ['check', '/nowhere'], []):
            code = 'import sys, runpy\nsys.version_info = (3, 6, 15, "final", 0)\nsys.argv = %r\nrunpy.run_path(%r, run_name="__main__")' % ([MAIN] + command, MAIN)
            done = subprocess.run([sys.executable, '-c', code], stdout=subprocess.PIPE, stdin=subprocess.DEVNULL)
            message = json.loads(done.stdout.decode())
            self.assertEqual((done.returncode, message['event'], message['error']), (2, 'invalid', 'python-too-old'))
            self.assertIn('3.6.15', message['message'])


if __name__ == '__main__':
    unittest.main()
