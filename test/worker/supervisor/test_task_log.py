"""What tasks print is written down while they run, under the name of the task."""
import json
import os
import random
import sys
import time
import unittest
from collections import namedtuple

from support import MAIN, PATIENCE, WorkerTest

sys.path.insert(0, os.path.dirname(os.path.dirname(MAIN)))

from gcd_worker.supervisor import task_log as log_module  # noqa: E402
from gcd_worker.supervisor import log_file  # noqa: E402
from gcd_worker.supervisor.batches import Batches  # noqa: E402
from gcd_worker.supervisor.output_capture import OutputCapture, new_marker  # noqa: E402
from gcd_worker.supervisor.task_log import TaskLog  # noqa: E402

PRINTS = '''
import ctypes, os, signal, subprocess, sys, time

libc = ctypes.CDLL(None)
print('while importing')

def entrypoint(curr_process_file, curr_process_column, attempt, **_):
    what, _, rest = curr_process_file.partition(' ')
    if what == 'python': print('out'); print('err', file=sys.stderr)
    if what == 'raw': os.write(1, b'raw\\xff\\n')
    if what == 'c': libc.printf(b'from c')
    if what == 'process': subprocess.run(['echo', 'from a process'])
    if what == 'unended': print('no newline', end='')
    if what == 'control': print('\\x00\\x1b[31m\\x1e\\u2028"')
    if what == 'characters': print('é' * 100_000 + 'x' + '\\U0001f600' * 50_000, end='')
    if what == 'name': print('%s|%s|%d' % (curr_process_file, curr_process_column, attempt))
    if what == 'wait':
        print(rest.split()[0], end='' if 'half' in rest else '\\n')
        while not os.path.exists(rest.split()[-1]): time.sleep(0.01)
    if what == 'much':
        line = b'x' * 99 + b'\\n'
        for _ in range(int(rest) * 100): os.write(1, line * 100)
        print('the end')
    if what == 'hang': print('before', attempt); sys.stdout.write('partial'); time.sleep(1000)
    if what == 'crash': sys.stdout.write('partial %d' % attempt); libc.printf(b' c'); os._exit(1)
    if what == 'slowly':
        for number in range(int(rest) * 1024):
            os.write(1, (str(number).ljust(1023, '.') + '\\n').encode())
            if number % 512 == 0: time.sleep(0.06)
    if what == 'restless':
        for number in range(10_000): print(number); time.sleep(0.005)
    if what == 'segfault': print('before'); os.kill(os.getpid(), signal.SIGSEGV)
    if what == 'unsteady':
        print('%s|%s|%d' % (curr_process_file, curr_process_column, attempt))
        failures = int(rest.split()[0])
        if attempt <= failures and 'exit' in rest: os._exit(1)
        if attempt <= failures: raise ValueError(rest)
    return {}
'''


def read(path, growing=False):
    """The lines of a log, the older file first, parsed; of one that grows, those that are complete."""
    lines = []
    for each in (path[: -len('.jsonl')] + '.1.jsonl', path):
        if os.path.exists(each):
            with open(each, 'rb') as file:
                data = file.read()
            if growing:
                data = data[: data.rfind(b'\n') + 1]
            assert growing or data.endswith(b'\n'), data[-100:]
            lines += [json.loads(line.decode()) for line in data.splitlines()]
    return lines


def said(lines, index):
    """All that the attempts of a task have printed."""
    return ''.join(line['text'] for line in lines if line['index'] == index)


class LogOfSupervisor(WorkerTest):
    def run_logged(self, tasks, source=PRINTS, **settings):
        """Runs the tasks; the lines of the log when the supervisor has ended."""
        self.path = os.path.join(self.folder(), 'logs', 'local-1.jsonl')
        supervisor = self.run_tasks(source, tasks, log=self.path, **settings)
        self.used = supervisor
        supervisor.send({'stop': 'drain'})
        self.assertEqual(supervisor.rest(), 0)
        return read(self.path)

    def until_logged(self, path, text):
        """Waits for a text in the log; its line."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if os.path.exists(path):
                for line in read(path, growing=True):
                    if text in line['text']:
                        return line
            time.sleep(0.01)
        raise AssertionError('%r was not logged' % text)

    def test_each_line_says_whose_it_is(self):
        tasks = [('python', 'Power'), 'raw', 'c', 'quiet', 'process', 'unended', 'control']
        before = time.time()
        lines = self.run_logged(tasks)
        self.assertEqual(
            list(lines[1]), ['at', 'index', 'task', 'attempt', 'file', 'column', 'text'],
        )
        self.assertEqual(
            [said(lines, index) for index in range(len(tasks))],
            ['out\nerr\n', 'raw\ufffd\n', 'from c', '', 'from a process\n', 'no newline', '\0\x1b[31m\x1e\u2028"\n'],
        )
        whole = dict(lines[1], at=0, text=said(lines, 0))
        wanted = {'index': 0, 'task': 'id-0', 'attempt': 1, 'file': 'python', 'column': 'Power', 'text': 'out\nerr\n'}
        self.assertEqual(whole, dict(wanted, at=0))
        nobody = {'index': None, 'task': None, 'attempt': None, 'file': None, 'column': None}
        self.assertEqual(dict(lines[0], at=0), dict(nobody, at=0, text='while importing\n'))
        times = [line['at'] for line in lines]
        self.assertEqual(times, sorted(times))
        self.assertTrue(before <= times[0] and times[-1] <= time.time(), times)

    def test_while_the_task_runs(self):
        path = os.path.join(self.folder(), 'logs', 'local-1.jsonl')
        supervisor = self.supervisor(self.project(PRINTS), log=path)
        go = [os.path.join(self.folder(), name) for name in ('one', 'two')]
        supervisor.batch(0, ['wait begun ' + go[0], 'wait half ' + go[1]])
        self.assertEqual(self.until_logged(path, 'begun')['text'], 'begun\n')
        self.assertEqual(supervisor.records(), {})
        open(go[0], 'w').close()
        # A line without an end is told, too.
        self.assertEqual(self.until_logged(path, 'half')['index'], 1)
        self.assertNotIn(1, supervisor.records())
        open(go[1], 'w').close()
        supervisor.until_batch(0)

    def test_a_line_without_an_end_is_told_when_its_task_has_ended(self):
        path = os.path.join(self.folder(), 'local-1.jsonl')
        supervisor = self.supervisor(self.project(PRINTS), log=path)
        supervisor.batch(0, ['unended'])
        supervisor.until_batch(0)
        # The supervisor has nothing more to do.
        self.assertEqual(self.until_logged(path, 'no newline')['index'], 0)

    def test_nothing_is_made_when_nothing_is_printed(self):
        supervisor = self.run_tasks('def entrypoint(**_): return {}', ['a', 'b'], log=os.path.join(self.folder(), 'logs', 'x'))
        self.assertEqual(os.listdir(os.path.dirname(os.path.dirname(supervisor.settings['log']))), [])

    def test_attempts_tell_themselves_apart(self):
        # Records are read in blocks, so the output of many tasks, also of repeated ones, arrives ahead of them.
        choice = random.Random(7)
        path = os.path.join(self.folder(), 'local-1.jsonl')
        supervisor = self.supervisor(self.project(PRINTS), log=path, max_attempts=4, retry_exceptions=3)
        index, sizes = 0, [choice.choice((1, 2, 7, 60)) for _ in range(40)]
        for number, size in enumerate(sizes):
            rows = []
            for _ in range(size):
                kind = choice.choice(['quiet', 'name', 'name', 'unsteady 1', 'unsteady 2', 'unsteady 3'])
                if kind == 'unsteady 2' and choice.random() < 0.1:
                    kind += ' exit'
                rows.append([index, 'id-%d' % index, '%s %d' % (kind, index), 'c%d' % index] + choice.choice([[], [], [1]]))
                index += 1
            supervisor.send({'batch': number, 'tasks': rows})
        for number in range(len(sizes)):
            supervisor.until_batch(number)
        supervisor.send({'stop': 'drain'})
        supervisor.rest()
        told = 0
        for line in read(path)[1:]:
            for text in line['text'].splitlines():
                if text == 'while importing':
                    self.assertIsNone(line['index'])
                    continue
                told += 1
                self.assertEqual(text, '%s|%s|%d' % (line['file'], line['column'], line['attempt']))
                self.assertEqual('id-%d' % line['index'], line['task'])
                self.assertTrue(line['file'].endswith(' %d' % line['index']))
        records = supervisor.records().values()
        self.assertEqual(len(records), index)
        self.assertGreater(told, index / 2)

    def test_children_that_end(self):
        lines = self.run_logged(['python', 'crash', 'python', 'hang', 'segfault', 'python'], max_attempts=2, task_timeout=0.5)
        told = [(line['index'], line['attempt'], line['text']) for line in lines if line['index'] is not None]
        # Both lines, in as many pieces as they were read.
        for index in (0, 2, 5):
            self.assertEqual(''.join(text for i, _, text in told if i == index), 'out\nerr\n')
        for attempt in (1, 2):
            self.assertEqual(''.join(t for i, a, t in told if (i, a) == (1, attempt)), 'partial %d c' % attempt)
            # Without the stack that it is asked for before it is ended.
            self.assertEqual(''.join(t for i, a, t in told if (i, a) == (3, attempt)), 'before %d\npartial' % attempt)
            self.assertTrue(''.join(t for i, a, t in told if (i, a) == (4, attempt)).startswith('before\n'))
        imports = [line for line in lines if line['index'] is None]
        self.assertEqual({line['text'] for line in imports}, {'while importing\n'})
        self.assertGreaterEqual(len(imports), 6)

    def test_what_is_printed_while_a_task_is_ended_for_its_time(self):
        lines = self.run_logged(['restless', 'hang'], task_timeout=0.3)
        for index, record in self.used.records().items():
            self.assertEqual(said(lines, index), record['output'])

    def test_children_that_never_print_but_in_their_first_task(self):
        lines = self.run_logged(['crash', 'crash', 'name'], PRINTS.replace("print('while importing')", ''))
        self.assertEqual([said(lines, index) for index in range(3)], ['partial 1 c', 'partial 1 c', 'name|None|1\n'])

    def test_what_is_printed_at_once_comes_in_pieces_of_whole_characters(self):
        lines = self.run_logged(['characters'])
        self.assertEqual(said(lines, 0), 'é' * 100_000 + 'x' + '\U0001f600' * 50_000)
        self.assertLessEqual(max(len(line['text'].encode()) for line in lines), log_module.MAX_TEXT)

    def test_a_hundred_megabytes(self):
        lines = self.run_logged(['much 100', 'name', 'python'])
        much = said(lines, 0)
        # On a busy machine, what came first may be left out.
        self.assertRegex(much[:200], r'^(x{99}|\n?\[\.\.\. \d+ bytes left out)')
        self.assertTrue(much.endswith('x\nthe end\n'))
        whole = [line for line in much.splitlines() if line == 'x' * 99]
        self.assertGreater(len(whole) * 100, len(much) * 0.9)
        self.assertEqual(said(lines, 2), 'out\nerr\n')

    def test_a_file_is_begun_anew_when_it_is_full(self):
        lines = self.run_logged(['slowly 20', 'name'])
        names = ['local-1.1.jsonl', 'local-1.jsonl']
        self.assertEqual(sorted(os.listdir(os.path.dirname(self.path))), names)
        for name in names:
            self.assertLessEqual(os.path.getsize(os.path.join(os.path.dirname(self.path), name)), log_file.MAX_BYTES)
        texts = said(lines, 0).splitlines()
        self.assertGreater(len(texts) * 1024, log_file.MAX_BYTES)
        first = int(texts[0].split('.')[0])
        self.assertEqual([int(text.split('.')[0]) for text in texts], list(range(first, 20 * 1024)))

    def test_memory_stays_bounded(self):
        path = os.path.join(self.folder(), 'local-1.jsonl')
        supervisor = self.supervisor(self.project(PRINTS), log=path)
        supervisor.batch(0, ['quiet'])
        supervisor.until_batch(0)
        before = self.peak(supervisor)
        supervisor.batch(1, ['much 200'])
        supervisor.until_batch(1)
        self.assertLess(self.peak(supervisor) - before, 40 * 1024)

    def peak(self, supervisor):
        """Most KiB that the supervisor has ever had."""
        with open('/proc/%d/status' % supervisor.inner_pid()) as file:
            return next(int(line.split()[1]) for line in file if line.startswith('VmHWM'))

    def test_a_log_that_cannot_be_written_disturbs_nothing(self):
        for path in ('/dev/full', os.path.join(self.folder(), 'gone', 'logs', 'x.jsonl'), os.path.join(MAIN, 'x.jsonl')):
            supervisor = self.run_tasks(PRINTS, ['python', 'unended', 'python'], log=path, keep_output=True)
            self.assertEqual([record['output'] for record in supervisor.records().values()], ['out\nerr\n', 'no newline', 'out\nerr\n'])
            supervisor.send({'stop': 'drain'})
            self.assertEqual(supervisor.rest(), 0)
            self.assertEqual(len(supervisor.process.stderr.read().splitlines()), 1)
            self.assertFalse(os.path.exists(os.path.dirname(path)) and path.endswith('logs/x.jsonl'))

    def test_a_torn_line_is_ended_first(self):
        path = os.path.join(self.folder(), 'local-1.jsonl')
        with open(path, 'w') as file:
            file.write('{"at":1,"ind')
        self.run_tasks(PRINTS, ['python'], log=path).close()
        with open(path) as file:
            lines = file.read().splitlines()
        self.assertEqual(lines[0], '{"at":1,"ind')
        told = [json.loads(line) for line in lines[1:]]
        self.assertEqual((told[0]['index'], said(told, 0)), (None, 'out\nerr\n'))

    def test_a_project_that_cannot_be_imported(self):
        path = os.path.join(self.folder(), 'local-1.jsonl')
        supervisor = self.supervisor(self.project('print("first", end="")\nraise ValueError(1)'), log=path)
        self.assertEqual(supervisor.rest(), 2)
        self.assertEqual([(line['index'], line['text']) for line in read(path)], [(None, 'first')])


FakeChild = namedtuple('FakeChild', 'answered ready')
VECTORS = os.path.join(os.path.dirname(__file__), '..', '..', 'contract', 'vectors', 'log-lines.jsonl')


class LogAlone(WorkerTest):
    def log(self, *rows):
        """A log, and batches with the child of which this is the first."""
        batches = Batches()
        batches.add(json.dumps({'batch': 0, 'tasks': rows}).encode())
        batches.to_send()
        self.path = os.path.join(self.folder(), 'x.jsonl')
        return TaskLog(self.path, batches), batches

    def test_the_lines_that_readers_are_tested_with(self):
        log, _ = self.log([0, '9f00000000000001', 'a.csv', 'Power (W)'], [1, '03', 'dir/b "é".glm', None, 2])
        child = FakeChild(0, True)
        for number, data in ((0, b'importing\n'), (1, 'é\u2028\x1b[1m"\n'.encode()), (2, b'half'), (2, b'\xff')):
            log.listener(number, data)
        log.end(child)
        with open(VECTORS, 'rb') as wanted, open(self.path, 'rb') as written:
            for line in wanted:
                at = json.loads(line.decode())['at']
                self.assertEqual(written.readline().partition(b',')[2], line.partition(b',')[2])
                self.assertEqual(line.partition(b',')[0], b'{"at":%.6f' % at)
            self.assertEqual(written.read(), b'')

    def test_however_it_is_cut_by_reading(self):
        marker = new_marker()
        stream = b''.join(
            b'%b%012d\n' % (marker.encode(), number) + ('%d: é\u20ac\n\x1e' % number).encode() for number in range(1, 4)
        )
        told = []
        for size in (1, 2, 3, 5, 33, len(stream)):
            log, _ = self.log(*[[index, 'id-%d' % index, 'f', None] for index in range(3)])
            capture = OutputCapture(marker, log.listener)
            for at in range(0, len(stream), size):
                capture.feed(stream[at : at + size])
                log.write(FakeChild(0, True))
            capture.feed(b'.')
            log.end(FakeChild(2, True))
            lines = read(self.path)
            told.append([said(lines, index) for index in range(3)])
        self.assertEqual(told, [['1: é€\n\x1e', '2: é€\n\x1e', '3: é€\n\x1e.']] * len(told))

    def test_a_line_that_does_not_end_is_not_kept_back(self):
        log, _ = self.log([0, 'id-0', 'f', None])
        for _ in range(4):
            log.listener(1, b'x' * (1 << 20))
            log.write(FakeChild(0, True))
        self.assertGreaterEqual(len(said(read(self.path), 0)), (4 << 20) - log_module.MAX_TEXT)

    def test_what_comes_late_is_of_the_task_that_ended_last(self):
        log, batches = self.log([0, 'id-0', 'f', None], [1, 'id-1', 'f', None])
        batches.sent[0].lines = 2
        batches.finish()
        log.listener(2, b'late')
        log.end(FakeChild(2, True))
        self.assertEqual([(line['index'], line['text']) for line in read(self.path)], [(1, 'late')])

    def test_what_waits_is_bounded(self):
        log, batches = self.log([0, 'id-0', 'f', None])
        piece = b'x' * (1 << 20)
        # The second may be a repetition of the first, or of the next batch: that takes records to tell.
        most = log_module.MAX_WAITING >> 20
        for number in (2,) * (most + 6) + (3,) * 10:
            log.listener(number, piece)
        log.write(FakeChild(0, True))
        self.assertFalse(os.path.exists(self.path))
        batches.finish()
        batches.add(json.dumps({'batch': 1, 'tasks': [[1, 'id-1', 'f', None], [2, 'id-2', 'f', None]]}).encode())
        batches.to_send()
        log.write(FakeChild(1, True))
        lines = read(self.path)
        self.assertEqual(said(lines, 1), '\n[... %d bytes left out ...]\n' % (most + 6 << 20))
        self.assertEqual(said(lines, 2), '\n[... %d bytes left out ...]\n' % (10 - most << 20) + 'x' * (most << 20))


if __name__ == '__main__':
    unittest.main()
