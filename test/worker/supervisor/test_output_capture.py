"""What tasks print: never on the record channel, kept per task, bounded."""
import os
import unittest

from support import WorkerTest

PRINTS = '''
import ctypes, os, subprocess, sys, threading, time

libc = ctypes.CDLL(None)
print('while importing')

def entrypoint(curr_process_file, **_):
    what = curr_process_file
    if what.startswith('fail '): what = what[5:]
    if what == 'python': print('out'); print('err', file=sys.stderr)
    if what == 'raw': os.write(1, b'raw\\xff\\n')
    if what == 'c': libc.printf(b'from c')
    if what == 'process': subprocess.run(['echo', 'from a process'])
    if what == 'unended': print('no newline', end='')
    if what == 'long':
        for number in range(30_000): print('line %06d' % number)
    if what == 'characters': print('é' * 100_000, end='')
    if what == 'gigabyte':
        data = b'x' * (1 << 20)
        for _ in range(1024): os.write(1, data)
        print('end')
    if what == 'lone': print('\\udc80')
    if what == 'control': print('\\x00\\x1b[31m\\x1e\\u2028"')
    if what == 'hang': print('before'); libc.printf(b'c line\\n'); sys.stdout.write('partial'); time.sleep(1000)
    if what == 'crash': sys.stdout.write('partial'); libc.printf(b'c line\\n'); os._exit(1)
    if curr_process_file.startswith('fail '): raise ValueError(what)
    return {}
'''


class OutputCapture(WorkerTest):
    def outputs(self, tasks, **settings):
        supervisor = self.run_tasks(PRINTS, tasks, **settings)
        records = supervisor.records()
        self.supervisor_used = supervisor
        return [records[index].get('output') for index in range(len(tasks))]

    def test_output_of_failed_tasks_only(self):
        tasks = ['python', 'fail python', 'quiet', 'fail quiet', 'fail raw', 'c', 'fail c', 'fail process', 'unended', 'fail unended']
        self.assertEqual(
            self.outputs(tasks),
            [None, 'out\nerr\n', None, None, 'raw\ufffd\n', None, 'from c', 'from a process\n', None, 'no newline'],
        )

    def test_output_of_all_with_keep_output(self):
        tasks = ['python', 'quiet', 'fail python', 'c', 'process', 'unended', 'quiet']
        self.assertEqual(
            self.outputs(tasks, keep_output=True),
            ['out\nerr\n', None, 'out\nerr\n', 'from c', 'from a process\n', 'no newline', None],
        )

    def test_kept_at_success_is_the_last_key(self):
        self.outputs(['python'], keep_output=True)
        self.assertTrue(self.supervisor_used.lines[1].endswith(b',"result":{},"output":"out\\nerr\\n"}'))

    def test_only_the_last_64_kib(self):
        long, characters = self.outputs(['fail long', 'fail characters'])
        self.assertEqual(len(long.encode()), 64 * 1024)
        self.assertTrue(long.endswith('line 029998\nline 029999\n'))
        # A cut inside a character leaves no half of it.
        self.assertEqual(characters, 'é' * (32 * 1024))

    def test_odd_characters(self):
        self.assertEqual(self.outputs(['fail lone', 'fail control']), ['\\udc80\n', '\x00\x1b[31m\x1e\u2028"\n'])

    def test_a_gigabyte_does_not_accumulate(self):
        supervisor = self.supervisor(self.project(PRINTS))
        supervisor.batch(0, ['gigabyte', 'fail gigabyte', 'fail python'])
        supervisor.until_batch(0)
        records = supervisor.records()
        self.assertEqual(records[1]['output'], 'x' * (64 * 1024 - 4) + 'end\n')
        self.assertEqual(records[2]['output'], 'out\nerr\n')
        with open('/proc/%d/status' % supervisor.inner_pid()) as status:
            peak = next(int(line.split()[1]) for line in status if line.startswith('VmHWM'))
        self.assertLess(peak, 80 * 1024)

    def test_hung_and_crashed_tasks_have_theirs(self):
        hang, crash, failed = self.outputs(['hang', 'crash', 'fail python'], task_timeout=0.5)
        self.assertEqual(sorted(hang.replace('partial', 'partial\n').split()), ['before', 'c', 'line', 'partial'])
        self.assertEqual(crash, 'partialc line\n')
        self.assertEqual(failed, 'out\nerr\n')

    def test_many_failures_each_with_its_own(self):
        source = "def entrypoint(task_id, **_):\n    print(task_id * 3)\n    raise ValueError(task_id)"
        supervisor = self.run_tasks(source, ['a'] * 3000)
        for index, record in supervisor.records().items():
            self.assertEqual(record['output'], 'id-%d' % index * 3 + '\n')

    def test_retried_attempts_do_not_leak_their_output(self):
        source = "def entrypoint(attempt, **_):\n    print('attempt', attempt)\n    if attempt < 3: raise ValueError\n    return {}"
        supervisor = self.run_tasks(source, ['a'], retry_exceptions=3, keep_output=True)
        self.assertEqual(supervisor.records()[0]['output'], 'attempt 3\n')

    def test_a_thread_that_goes_on_printing_does_not_stop_the_worker(self):
        source = """
        import os, threading
        def chatter():
            while True: os.write(1, b'x' * 65536)
        def entrypoint(curr_process_file, **_):
            if curr_process_file == 'start': threading.Thread(target=chatter, daemon=True).start()
            raise ValueError
        """
        supervisor = self.run_tasks(source, ['start'] + ['a'] * 50)
        self.assertEqual(len(supervisor.records()), 51)


if __name__ == '__main__':
    unittest.main()
