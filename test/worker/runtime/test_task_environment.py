"""What the environment of a task is."""
import os
import subprocess
import sys
import unittest
from unittest import mock

from support import MAIN, WorkerTest

sys.path.insert(0, os.path.dirname(os.path.dirname(MAIN)))

from gcd_worker.runtime.task_environment import task_environment  # noqa: E402

SOURCE = """
import os, sys
def entrypoint(curr_process_file, **_):
    return {'value': os.environ.get(curr_process_file), 'path': sys.path}
"""


class Variables(unittest.TestCase):
    def test_libraries_use_the_share_of_the_worker(self):
        variables = task_environment({}, 3, own={}, isolated=False)
        for name in ('OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS', 'MKL_NUM_THREADS', 'NUMBA_NUM_THREADS'):
            self.assertEqual(variables[name], '3', name)

    def test_what_is_set_counts_and_others_follow_it(self):
        for given, own in (({'OMP_NUM_THREADS': '4'}, {}), ({}, {'OMP_NUM_THREADS': '4'})):
            variables = task_environment(given, 1, own=own, isolated=False)
            self.assertEqual(variables['OMP_NUM_THREADS'], '4')
            self.assertEqual(variables['OPENBLAS_NUM_THREADS'], '4')
            self.assertEqual(variables['POLARS_MAX_THREADS'], '1')
        variables = task_environment({'MKL_NUM_THREADS': '2'}, 1, own={'OPENBLAS_NUM_THREADS': '5'}, isolated=False)
        self.assertEqual(
            [variables[name] for name in ('MKL_NUM_THREADS', 'OPENBLAS_NUM_THREADS', 'OMP_NUM_THREADS')], ['2', '5', '1']
        )

    def test_a_null_takes_away_and_sets_no_default(self):
        variables = task_environment({'OMP_NUM_THREADS': None, 'MPLBACKEND': None, 'X': None}, 1, own={'X': '1'}, isolated=False)
        self.assertEqual({'OMP_NUM_THREADS', 'MPLBACKEND', 'X'} & set(variables), set())

    def test_without_a_share_nothing_is_set(self):
        self.assertNotIn('OMP_NUM_THREADS', task_environment({}, None, own={}, isolated=False))

    def test_what_a_notebook_hands_on_is_left_out(self):
        own = {'MPLBACKEND': 'module://matplotlib_inline.backend_inline', 'JPY_PARENT_PID': '7', 'FORCE_COLOR': '1', 'KEEP': 'x'}
        variables = task_environment({}, None, own=own, isolated=False)
        self.assertEqual(variables, {'MPLBACKEND': 'Agg', 'KEEP': 'x'})
        self.assertEqual(task_environment({'MPLBACKEND': 'svg'}, None, own=own, isolated=False)['MPLBACKEND'], 'svg')

    def test_packages_come_from_the_environment_alone(self):
        own = {'PYTHONPATH': '/elsewhere', 'PYTHONHASHSEED': '0'}
        self.assertNotIn('PYTHONPATH', task_environment({}, None, own=own, isolated=True))
        self.assertEqual(task_environment({}, None, own=own, isolated=True)['PYTHONHASHSEED'], '0')
        self.assertEqual(task_environment({}, None, own=own, isolated=False)['PYTHONPATH'], '/elsewhere')
        self.assertEqual(task_environment({'PYTHONPATH': '/asked'}, None, own=own, isolated=True)['PYTHONPATH'], '/asked')


class InTasks(WorkerTest):
    def test_a_supervisor_hands_them_on(self):
        with mock.patch.dict(os.environ, MPLBACKEND='module://nowhere', JPY_PARENT_PID='1', PYTHONPATH='/elsewhere'):
            os.environ.pop('OMP_NUM_THREADS', None)
            records = self.run_tasks(SOURCE, ['MPLBACKEND', 'JPY_PARENT_PID', 'OMP_NUM_THREADS'], threads=2).records()
        self.assertEqual([records[index]['result']['value'] for index in range(3)], ['Agg', None, '2'])
        self.assertIn('/elsewhere', records[0]['result']['path'])

    def test_one_that_ignores_PYTHONPATH_hands_none_on(self):
        with mock.patch.dict(os.environ, PYTHONPATH='/elsewhere'):
            told = subprocess.run(
                [sys.executable, '-E', MAIN, 'variables'], input=b'{}', stdout=subprocess.PIPE, check=True
            ).stdout
        self.assertIn(b'"PYTHONPATH"', told)


if __name__ == '__main__':
    unittest.main()
