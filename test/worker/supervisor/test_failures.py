"""The classes of failure, attempts, and which task is struck."""
import os
import signal
import sys
import unittest

from support import WorkerTest

RAISES = '''
import os, sys

class Own(Exception):
    pass

class Mute(Exception):
    def __str__(self): raise RuntimeError('mute')
    __repr__ = __str__

def deep(n):
    return deep(n + 1)

def entrypoint(curr_process_file, **_):
    what = curr_process_file
    if what == 'own': raise Own('mine')
    if what == 'exit': sys.exit(3)
    if what == 'interrupt': raise KeyboardInterrupt
    if what == 'generator': raise GeneratorExit
    if what == 'deep': deep(0)
    if what == 'mute': raise Mute()
    if what == 'library':
        import json
        json.loads('{')
    if what == 'cause':
        try: {}['k']
        except KeyError as error: raise ValueError('outer') from error
    if what == 'huge': raise ValueError('x' * 10_000_000)
    if what == 'surrogate': raise ValueError('\\udc80')
    if what == 'group': raise ExceptionGroup('both', [ValueError('first'), KeyError('second')])
    if what == 'memory': raise MemoryError('no more')
    if what == 'stopiteration': next(iter(()))
    return {'pid': os.getpid()}
'''


class Exceptions(WorkerTest):
    def test_every_exception_is_a_failed_task_in_a_living_worker(self):
        names = ['own', 'exit', 'interrupt', 'generator', 'deep', 'mute', 'library', 'cause', 'huge', 'surrogate', 'memory', 'stopiteration']
        supervisor = self.run_tasks(RAISES, names + ['fine'], max_attempts=3)
        records = supervisor.records()
        errors = {name: self.error(records[index]) for index, name in enumerate(names)}
        self.assertEqual({error['class'] for error in errors.values()}, {'exception'})
        self.assertEqual(
            [errors[name]['type'] for name in names],
            ['Own', 'SystemExit', 'KeyboardInterrupt', 'GeneratorExit', 'RecursionError', 'Mute', 'json.decoder.JSONDecodeError',
             'ValueError', 'ValueError', 'ValueError', 'MemoryError', 'StopIteration'],
        )
        self.assertEqual(errors['own']['message'], 'mine')
        self.assertTrue(errors['own']['traceback'].endswith('entrypoint.Own: mine\n'), errors['own'])
        self.assertIn('sys.exit(3)', errors['exit']['message'])
        self.assertIn('RuntimeError', errors['mute']['message'])
        self.assertIn("KeyError: 'k'", errors['cause']['traceback'])
        self.assertLess(len(errors['huge']['message']), 20_000)
        self.assertEqual(errors['surrogate']['message'], '\udc80')
        self.assertEqual(records[len(names)]['result']['pid'], supervisor.messages[0]['pid'])
        self.assertEqual(len(supervisor.events('worker')), 1)

    def test_exception_group(self):
        # Before 3.11 there are none, and the name itself is the error.
        kind, text = ('ExceptionGroup', 'ValueError: first') if sys.version_info >= (3, 11) else ('NameError', 'group')
        error = self.error(self.run_tasks(RAISES, ['group']).records()[0])
        self.assertEqual(error['type'], kind)
        self.assertIn(text, error['traceback'])

    def test_traceback_begins_with_the_users_code(self):
        supervisor = self.run_tasks('def entrypoint(**_):\n    1 / 0', ['a'])
        lines = self.error(supervisor.records()[0])['traceback'].splitlines()
        self.assertEqual(lines[0], 'Traceback (most recent call last):')
        self.assertIn(supervisor.settings['project'] + '/entrypoint.py", line 2', lines[1])
        self.assertEqual(lines[-1], 'ZeroDivisionError: division by zero')


CRASHES = '''
import ctypes, os, signal, sys, time

def entrypoint(curr_process_file, attempt, **_):
    what, _, until = curr_process_file.partition(' ')
    if until and attempt >= int(until): what = 'fine'
    if what == 'exit': print('last words', end=''); os._exit(3)
    if what == 'segfault': ctypes.string_at(0)
    if what == 'kill': os.kill(os.getpid(), signal.SIGKILL)
    if what == 'abort': os.abort()
    if what == 'term': os.kill(os.getpid(), signal.SIGTERM)
    if what == 'realtime': os.kill(os.getpid(), signal.SIGRTMIN + 5)
    if what == 'hang': print('hanging', flush=True); time.sleep(1000)
    if what == 'spin':
        while True: pass
    if what == 'stop': os.kill(os.getpid(), signal.SIGSTOP)
    if what == 'deaf':
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP): signal.signal(number, signal.SIG_IGN)
        while True:
            try: time.sleep(1000)
            except BaseException: pass
    return {'attempt': attempt, 'pid': os.getpid()}
'''


class Crashes(WorkerTest):
    def test_each_is_named_and_strikes_only_the_task_that_ran(self):
        names = ['exit', 'segfault', 'kill', 'abort', 'term', 'realtime']
        tasks = [name for crash in names for name in ('fine', crash)] + ['fine']
        supervisor = self.run_tasks(CRASHES, tasks)
        records = supervisor.records()
        self.assertEqual(supervisor.messages[-1], {'event': 'batch', 'batch': 0, 'succeeded': 7, 'failed': 6, 'not_run': 0})
        errors = {name: self.error(records[2 * at + 1]) for at, name in enumerate(names)}
        self.assertEqual({error['class'] for error in errors.values()}, {'crash'})
        self.assertEqual(
            [errors[name]['type'] for name in names],
            ['exit 3', 'SIGSEGV', 'SIGKILL', 'SIGABRT', 'SIGTERM', 'signal %d' % (34 + 5)],
        )
        self.assertEqual([records[2 * at]['attempt'] for at in range(7)], [1] * 7)
        self.assertEqual(records[1]['output'], 'last words')
        self.assertIn('in entrypoint', errors['segfault']['traceback'])
        self.assertNotIn('gcd_worker', errors['segfault']['traceback'])
        self.assertIn('Fatal Python error', records[3]['output'])

    def test_retried_after_the_others_until_it_succeeds_or_has_no_attempts_left(self):
        supervisor = self.run_tasks(CRASHES, ['exit 3', 'kill', 'fine', ('exit', None, 2)], max_attempts=3)
        order = [
            (m.get('event') or m['status'], m.get('index'), m.get('attempt')) for m in supervisor.messages if m.get('event') != 'worker'
        ]
        self.assertEqual(
            order,
            [
                ('attempt', 0, 1), ('attempt', 1, 1), ('succeeded', 2, 1), ('failed', 3, 3),
                ('attempt', 0, 2), ('attempt', 1, 2), ('succeeded', 0, 3), ('failed', 1, 3), ('batch', None, None),
            ],
        )
        self.assertEqual(supervisor.messages[-1], {'event': 'batch', 'batch': 0, 'succeeded': 2, 'failed': 2, 'not_run': 0})
        self.assertEqual([e['class'] for e in supervisor.events('attempt')], ['crash'] * 4)
        pids = [event['pid'] for event in supervisor.events('worker')]
        self.assertEqual(len(pids), len(set(pids)))
        # The records that follow an event are of that worker.
        last = None
        for message in supervisor.messages:
            last = message['pid'] if message.get('event') == 'worker' else last
            if message.get('status') == 'succeeded':
                self.assertEqual(message['result']['pid'], last)

    def test_failures_before_a_crash_are_counted_once(self):
        source = """
        import os
        def entrypoint(curr_process_file, attempt, **_):
            if curr_process_file == 'bad': raise ValueError
            if curr_process_file == 'crash': os._exit(1)
            return {}
        """
        supervisor = self.run_tasks(source, ['a', 'bad', 'a', 'crash', 'bad', 'a', 'crash', 'bad'])
        self.assertEqual(supervisor.messages[-1], {'event': 'batch', 'batch': 0, 'succeeded': 3, 'failed': 5, 'not_run': 0})
        self.assertEqual(sum('status' in message for message in supervisor.messages), 8)

    def test_batches_behind_the_crash_are_run(self):
        supervisor = self.supervisor(self.project(CRASHES), max_attempts=2)
        for number in range(5):
            supervisor.batch(number, ['fine', 'exit 2', 'fine'])
        supervisor.until_batch(4)
        self.assertEqual(
            supervisor.events('batch'),
            [{'event': 'batch', 'batch': number, 'succeeded': 3, 'failed': 0, 'not_run': 0} for number in range(5)],
        )
        self.assertEqual(sum('status' in message for message in supervisor.messages), 15)

    def test_deadline_holds_whatever_the_task_does(self):
        names = ['hang', 'spin', 'stop', 'deaf']
        tasks = [name for overrun in names for name in (overrun, 'fine')]
        supervisor = self.run_tasks(CRASHES, tasks, task_timeout=0.4)
        records = supervisor.records()
        for at, name in enumerate(names):
            error = self.error(records[2 * at])
            self.assertEqual((error['class'], error['type']), ('timeout', 'timeout'), name)
            self.assertIn('0.4 s', error['message'])
            self.assertGreaterEqual(records[2 * at]['end'] - records[2 * at]['start'], 0.4)
            self.assertEqual(records[2 * at + 1]['status'], 'succeeded')
        self.assertEqual(records[0]['output'], 'hanging\n')
        line = CRASHES.splitlines().index([line for line in CRASHES.splitlines() if "'hang'" in line][0]) + 1
        self.assertIn('entrypoint.py", line %d in entrypoint' % line, records[0]['error']['traceback'])
        # A quarter of it, and less, on a machine that others use.
        self.assertGreaterEqual(records[2]['cpu'], 0.02)

    def test_deadline_is_per_task(self):
        source = "import time\ndef entrypoint(**_):\n    time.sleep(0.15)\n    return {}"
        supervisor = self.run_tasks(source, ['a'] * 8, task_timeout=1)
        self.assertEqual({r['status'] for r in supervisor.records().values()}, {'succeeded'})
        self.assertEqual(len(supervisor.events('worker')), 1)

    def test_a_worker_that_ends_before_every_task_is_not_restarted_for_ever(self):
        source = """
        import sys
        def interrupt(frame, event, argument):
            if frame.f_code.co_filename.endswith('task_runner.py') and frame.f_code.co_name == 'run': raise KeyboardInterrupt
        sys.setprofile(interrupt)
        def entrypoint(**_):
            return {}
        """
        supervisor = self.run_tasks(source, ['a', 'b'])
        self.assertEqual([self.error(record)['class'] for record in supervisor.records().values()], ['crash'] * 2)
        self.assertLessEqual(len(supervisor.events('worker')), 7)

    def test_killed_at_any_point_each_task_has_exactly_one_record(self):
        source = """
        import os
        def entrypoint(task_id, curr_process_file, attempt, **_):
            if curr_process_file == 'flaky' and attempt < 3: raise ValueError
            print(task_id)
            return {'id': task_id}
        """
        supervisor = self.supervisor(self.project(source), max_attempts=10**6, retry_exceptions=3, keep_output=True)
        batches = 40
        for number in range(batches):
            supervisor.batch(number, ['flaky' if index % 7 == 3 else 'a' for index in range(100)])
        kills = 0
        ended = set()
        while len(ended) < batches:
            supervisor.until(lambda message: message.get('batch') not in ended and message.get('event') == 'batch')
            ended = {event['batch'] for event in supervisor.events('batch')}
            if kills < 15:
                try:
                    os.kill(supervisor.events('worker')[-1]['pid'], signal.SIGKILL)
                    kills += 1
                except ProcessLookupError:
                    pass
        rows = []
        for message in supervisor.messages:
            if 'status' in message:
                self.assertEqual((message['result']['id'], message['output']), (message['task'], message['task'] + '\n'))
                rows.append(message['index'])
            elif message['event'] == 'batch':
                self.assertEqual(sorted(rows), list(range(100)))
                self.assertEqual((message['succeeded'], message['failed'], message['not_run']), (100, 0, 0))
                rows = []
        self.assertGreater(len(supervisor.events('worker')), 3)

    def test_importing_again_fails(self):
        source = """
        import os
        DONE = %r
        if os.path.exists(DONE): raise RuntimeError('only once')
        def entrypoint(**_):
            open(DONE, 'w').close()
            os._exit(1)
        """ % (self.folder() + '/done')
        supervisor = self.supervisor(self.project(source), max_attempts=2)
        supervisor.batch(0, ['a'])
        invalid = supervisor.until_event('invalid')
        self.assertIn('only once', invalid['message'])
        self.assertEqual(supervisor.rest(), 2)


MEMORY = '''
import os, sys, time

def entrypoint(curr_process_file, **_):
    what = curr_process_file
    if what == 'slow':
        kept = []
        while True:
            kept.append(b'x' * 5_000_000)
            time.sleep(0.005)
    if what == 'error': raise MemoryError('asked for too much')
    if what == 'at once': kept = bytearray(1 << 45)
    if what == 'forked':
        if os.fork() == 0:
            kept = []
            while True:
                kept.append(b'x' * 5_000_000)
                time.sleep(0.005)
        os.wait()
        time.sleep(1000)
    return {'pid': os.getpid()}
'''


class Memory(WorkerTest):
    def test_limit(self):
        names = ['slow', 'error', 'at once', 'forked']
        tasks = [name for each in names for name in (each, 'fine')]
        supervisor = self.run_tasks(MEMORY, tasks, memory=120 << 20, max_attempts=2)
        records = supervisor.records()
        for at, name in enumerate(names):
            error = self.error(records[2 * at])
            self.assertEqual((name, error['class']), (name, 'out-of-memory'))
            self.assertIn('120 MiB', error['message'])
            self.assertEqual(records[2 * at]['attempt'], 2)
            self.assertEqual(records[2 * at + 1]['status'], 'succeeded')
        self.assertGreater(records[0]['memory'], 100 << 20)
        self.assertEqual(len(supervisor.events('attempt')), 4)

    def test_without_a_limit_it_is_an_exception(self):
        self.assertEqual(self.error(self.run_tasks(MEMORY, ['error']).records()[0])['class'], 'exception')


class NoData(WorkerTest):
    SOURCE = '''
    import os
    def entrypoint(curr_process_file, data_file, **_):
        if curr_process_file == 'vanishes': os.unlink(data_file)
        if curr_process_file == 'other': open('/nowhere/else')
        with open(data_file) as file: return {'text': file.read()}
    '''

    def test_missing_data_is_the_class_no_data(self):
        root = self.folder('data')
        os.mkdir(root + '/folder')
        for name in ('there', 'vanishes', 'other'):
            with open(os.path.join(root, name), 'w') as file:
                file.write(name)
        tasks = ['there', 'missing', 'folder', 'vanishes', 'vanishes', 'other', 'there', 'a\0b']
        supervisor = self.run_tasks(self.SOURCE, tasks, data_root=root, max_attempts=3, retry_exceptions=2)
        records = supervisor.records()
        self.assertEqual(records[0]['result'], {'text': 'there'})
        self.assertEqual(records[6]['result'], {'text': 'there'})
        for index in (1, 2, 3, 4, 7):
            error = self.error(records[index])
            self.assertEqual((index, error['class'], records[index]['attempt']), (index, 'no-data', 1))
            self.assertIn(tasks[index], error['message'])
        self.assertEqual(records[1]['error']['type'], 'FileNotFoundError')
        error = self.error(records[5])
        self.assertEqual((error['class'], error['type'], records[5]['attempt']), ('exception', 'FileNotFoundError', 2))
        self.assertEqual(len(supervisor.events('attempt')), 1)


if __name__ == '__main__':
    unittest.main()
