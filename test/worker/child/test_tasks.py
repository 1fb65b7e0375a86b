"""Calling the function, and what its record says."""
import re
import unittest

from support import WorkerTest

ECHO = """
import os
def entrypoint(data_bucket, curr_process_file, curr_process_column, **rest):
    return dict(rest, bucket=data_bucket, file=curr_process_file, column=curr_process_column)
"""


class Arguments(WorkerTest):
    def call(self, signature, body='return dict(locals())', **settings):
        source = 'def entrypoint(%s):\n    %s\n' % (signature, body)
        supervisor = self.run_tasks(source, [('a.csv', 'Power')], **settings)
        record = supervisor.records()[0]
        self.assertEqual(record['status'], 'succeeded', record)
        return record['result']

    def test_everything_with_double_star(self):
        arguments = {
            'data_bucket': 'b', 'aws_access_key': 'AK', 'aws_secret_access_key': 'SK', 'aws_region': 'r',
            'solver_name': 'MOSEK', 'solver_file': '/lic',
        }
        result = self.call('**everything', 'import os; return dict(everything, here=os.getcwd())', arguments=arguments)
        here = result.pop('here')
        self.assertEqual(
            result,
            dict(
                arguments, curr_process_file='a.csv', curr_process_column='Power', data_file=None, table=None, output_dir=here,
                task_id='id-0', attempt=1,
            ),
        )

    def test_only_those_that_it_accepts(self):
        self.assertEqual(self.call('curr_process_column, attempt, own=7'), {'curr_process_column': 'Power', 'attempt': 1, 'own': 7})

    def test_by_position_only(self):
        self.assertEqual(
            self.call('data_bucket, curr_process_file, /, *, task_id, **rest', 'return {"f": curr_process_file, "t": task_id, "c": rest["curr_process_column"]}'),
            {'f': 'a.csv', 't': 'id-0', 'c': 'Power'},
        )

    def test_leading_user_id_of_the_predecessor(self):
        self.assertEqual(self.call('user_id, curr_process_file'), {'user_id': '', 'curr_process_file': 'a.csv'})

    def test_data_file_is_below_the_data_root(self):
        root = self.folder('data')
        with open(root + '/a.csv', 'w') as file:
            file.write('x')
        self.assertEqual(self.call('data_file', data_root=root), {'data_file': root + '/a.csv'})

    def test_how_pandas_reads_each_file(self):
        source = '''
            import os, signal
            def entrypoint(curr_process_column, table):
                if curr_process_column == 'change':
                    table.clear()
                if curr_process_column == 'append':
                    table['skiprows'].append(7)
                if curr_process_column == 'crash' and not os.path.exists('/tmp/crashed-%d' % os.getppid()):
                    open('/tmp/crashed-%d' % os.getppid(), 'w').close()
                    os.kill(os.getpid(), signal.SIGKILL)
                return {'table': table}
        '''
        supervisor = self.supervisor(self.project(source), max_attempts=2)
        told = {'all': [{'sep': ';', 'skiprows': [0, 2]}, None, {}], 'of': {'b.glm': 1, 'c.csv': 2}}
        tasks = [('a.csv', 'change'), ('a.csv', 'append'), ('a.csv', 'crash'), ('b.glm', None), ('c.csv', 'x'), ('a.csv', 'x')]
        rows = [[index, 'id-%d' % index, file, column] for index, (file, column) in enumerate(tasks)]
        supervisor.send({'batch': 0, 'tasks': rows, 'tables': told}, {'batch': 1, 'tasks': [[6, 'id-6', 'a.csv', 'x']]})
        supervisor.until_batch(1)
        records = supervisor.records()
        usual = {'sep': ';', 'skiprows': [0, 2]}
        expected = [{}, {'sep': ';', 'skiprows': [0, 2, 7]}, usual, None, {}, usual, None]
        self.assertEqual([records[index]['result']['table'] for index in range(7)], expected)

    def test_missing_arguments_are_none(self):
        self.assertEqual(self.call('solver_name, aws_access_key'), {'solver_name': None, 'aws_access_key': None})

    def test_decorated_and_callable_objects(self):
        source = """
        import functools
        def decorate(function):
            @functools.wraps(function)
            def inner(*args, **kwargs):
                return dict(function(*args, **kwargs), decorated=True)
            return inner
        class Entry:
            @staticmethod
            def plain(): pass
            def __call__(self, curr_process_file):
                return {'file': curr_process_file}
        entrypoint = decorate(Entry().__call__)
        """
        supervisor = self.run_tasks(source, ['a.csv'])
        self.assertEqual(supervisor.records()[0]['result'], {'file': 'a.csv', 'decorated': True})


class Records(WorkerTest):
    def test_shape_of_a_success_byte_by_byte(self):
        supervisor = self.run_tasks('def entrypoint(**_):\n    return {"mean": 1.5}', [('a.csv', 'P')])
        number = rb'\d+\.\d{6}'
        self.assertRegex(
            supervisor.lines[1],
            rb'^\{"status":"succeeded","index":0,"task":"id-0","attempt":1,"start":%b,"end":%b,"cpu":%b,"memory":\d+,'
            rb'"result":\{"mean":1\.5\}\}$' % (number, number, number),
        )

    def test_shape_of_a_failure_byte_by_byte(self):
        supervisor = self.run_tasks('def entrypoint(**_):\n    print("so")\n    raise ValueError("no")', ['a.csv'])
        number = rb'\d+\.\d{6}'
        self.assertRegex(
            supervisor.lines[1],
            rb'^\{"status":"failed","index":0,"task":"id-0","attempt":1,"start":%b,"end":%b,"cpu":%b,"memory":\d+,'
            rb'"error":\{"class":"exception","type":"ValueError","message":"no","traceback":"Traceback [^{}]*"\},'
            rb'"output":"so\\n"\}$' % (number, number, number),
        )

    def test_worker_event_names_the_slot_and_its_process(self):
        supervisor = self.run_tasks('import os\ndef entrypoint(**_):\n    return {"pid": os.getpid()}', ['a.csv'])
        event = supervisor.messages[0]
        self.assertEqual(list(event), ['event', 'worker', 'node', 'hostname', 'ip', 'pid'])
        self.assertEqual((event['worker'], event['node']), ('local-1', 'laptop'))
        self.assertEqual(event['pid'], supervisor.records()[0]['result']['pid'])
        self.assertTrue(re.match(r'[0-9a-f.:]+$', event['ip']), event)

    def test_times_cpu_and_memory_are_of_the_task(self):
        source = """
        import time
        def entrypoint(curr_process_file, **_):
            if curr_process_file == 'busy':
                until = time.process_time() + 0.2
                while time.process_time() < until: pass
            if curr_process_file == 'big':
                return {'size': len(bytes(b'x' * 150_000_000))}
            if curr_process_file == 'child':
                import subprocess, sys
                subprocess.run([sys.executable, '-c', 'import time\\nwhile time.process_time() < 0.2: pass'])
            time.sleep(0.06)
            return {}
        """
        records = self.run_tasks(source, ['idle', 'busy', 'big', 'idle', 'child', 'idle']).records()
        cpu = [records[index]['cpu'] for index in range(6)]
        self.assertGreaterEqual(cpu[1], 0.2)
        self.assertGreaterEqual(cpu[4], 0.2)
        self.assertLess(max(cpu[0], cpu[3], cpu[5]), 0.1)
        memory = [records[index]['memory'] for index in range(6)]
        self.assertGreater(memory[2], 150_000_000)
        self.assertLess(max(memory[0], memory[3]), 150_000_000)
        self.assertGreaterEqual(records[0]['end'] - records[0]['start'], 0.06)

    def test_times_go_on_where_a_task_sets_the_clock_that_modules_have(self):
        # As packages do that freeze time for tests: they replace what modules have imported.
        source = '''
        import sys, time
        hour_ago = time.time() - 3600
        clocks = (time.time, time.monotonic)
        def entrypoint(**_):
            time.sleep(0.05)
            for module in list(sys.modules.values()):
                for name, value in list(vars(module).items()):
                    if any(value is clock for clock in clocks):
                        setattr(module, name, lambda: hour_ago)
            return {}
        '''
        by_index = self.run_tasks(source, ['a', 'b', 'c']).records()
        records = [by_index[index] for index in range(3)]
        for record in records:
            self.assertGreaterEqual(record['end'] - record['start'], 0.05)
            self.assertLess(record['end'] - record['start'], 600)
        for before, after in zip(records, records[1:]):
            self.assertGreaterEqual(after['start'], before['end'] - 0.001)

    def test_batches_in_order_and_their_counts(self):
        supervisor = self.supervisor(self.project(ECHO + '\n    \n'))
        for number in range(40):
            supervisor.batch(number, ['f%d' % number] * 3)
        supervisor.batch(40, [])
        supervisor.until_batch(40)
        kinds = [m.get('event') or m['result']['file'] for m in supervisor.messages[1:]]
        expected = [kind for number in range(40) for kind in ['f%d' % number] * 3 + ['batch']] + ['batch']
        self.assertEqual(kinds, expected)
        self.assertEqual(supervisor.events('batch')[7], {'event': 'batch', 'batch': 7, 'succeeded': 3, 'failed': 0, 'not_run': 0})

    def test_retried_exceptions_come_after_the_others(self):
        source = """
        def entrypoint(curr_process_file, attempt, **_):
            if curr_process_file == 'flaky' and attempt < 3: raise ValueError(attempt)
            if curr_process_file == 'bad': raise KeyError(attempt)
            return {'attempt': attempt}
        """
        supervisor = self.run_tasks(source, ['flaky', 'good', 'bad', ('flaky', None, 2)], retry_exceptions=3)
        order = [(m.get('event') or m['status'], m.get('index'), m.get('attempt')) for m in supervisor.messages[1:]]
        self.assertEqual(
            order,
            [
                ('attempt', 0, 1), ('succeeded', 1, 1), ('attempt', 2, 1), ('succeeded', 3, 3),
                ('attempt', 0, 2), ('attempt', 2, 2), ('succeeded', 0, 3), ('failed', 2, 3), ('batch', None, None),
            ],
        )
        event = supervisor.events('attempt')[1]
        self.assertEqual((event['class'], event['message'], event['task']), ('exception', '1', 'id-2'))

    def test_settings_environment_reaches_the_project(self):
        source = "import os\nV = os.environ['OWN']\ndef entrypoint(**_):\n    return {'v': V}"
        supervisor = self.run_tasks(source, ['a'], environment={'OWN': 'ü=1'})
        self.assertEqual(supervisor.records()[0]['result'], {'v': 'ü=1'})


if __name__ == '__main__':
    unittest.main()
