"""On a system that is a Unix but no Linux: no /proc, no prctl, no memfd, no signals to spare, small pipes."""
import os
import unittest
from unittest import mock

from support import WorkerTest

# Python imports a module of this name at its start, in the supervisor as in its child.
SITE = '''
import builtins, ctypes, fcntl, os, resource, signal, sys, time

sys.platform = 'plain'
for module, names in (
    (os, 'memfd_create sched_getaffinity sched_getscheduler sched_setaffinity getresuid getresgid setresuid setresgid'),
    (signal, 'SIGRTMIN SIGRTMAX'), (fcntl, 'F_SETPIPE_SZ'), (resource, 'prlimit'), (time, 'CLOCK_BOOTTIME'),
):
    for name in names.split():
        if hasattr(module, name): delattr(module, name)

def without_proc(function):
    def wrapped(path, *arguments, **named):
        if str(path).startswith('/proc'): raise FileNotFoundError(2, 'no such file', path)
        return function(path, *arguments, **named)
    return wrapped

builtins.open, os.open, os.listdir = map(without_proc, (builtins.open, os.open, os.listdir))

real_fcntl = fcntl.fcntl
def without_sizes(descriptor, command, *arguments):
    if command == 1031: raise OSError(22, 'invalid argument')
    return real_fcntl(descriptor, command, *arguments)
fcntl.fcntl = without_sizes

class Library:
    def __init__(self, *arguments): raise OSError('no such library')
ctypes.CDLL = Library
'''

PROJECT = '''
import os, sys, time
def entrypoint(curr_process_file, **_):
    print('printed')
    if curr_process_file == 'bad': raise ValueError
    if curr_process_file == 'crash': os._exit(3)
    if curr_process_file == 'hang': time.sleep(1000)
    if curr_process_file == 'make':
        os.makedirs('sub/in'); open('sub/in/x', 'w').close(); open('y', 'w').close()
    if curr_process_file == 'below': open('kept/z', 'w').close()
    if curr_process_file == 'change':
        time.sleep(0.05)
        with open('kept/model.txt', 'r+') as file: file.write('M')
    if curr_process_file == 'look': return {'names': sorted(os.listdir('.')), 'kept': os.listdir('kept'), 'is': open('kept/model.txt').read()}
    if curr_process_file == 'large': return {'text': 'x' * 1_000_000}
    return {'platform': sys.platform}
'''


class PlainUnix(WorkerTest):
    def start(self, **settings):
        folder = self.folder('site')
        with open(folder + '/sitecustomize.py', 'w') as file:
            file.write(SITE)
        with mock.patch.dict(os.environ, PYTHONPATH=folder):
            return self.supervisor(self.project(PROJECT, kept___model__txt='m'), **settings)

    def test_tasks_failures_and_the_end(self):
        supervisor = self.start(task_timeout=1, memory=1 << 40)
        supervisor.batch(0, ['a', 'bad', 'crash', 'large', 'hang', 'a'])
        supervisor.until_batch(0)
        records = supervisor.records()
        self.assertEqual(records[0]['result'], {'platform': 'plain'})
        self.assertEqual([records[index]['error']['class'] for index in (1, 2, 4)], ['exception', 'crash', 'timeout'])
        self.assertEqual([records[index]['output'] for index in (1, 2, 4)], ['printed\n'] * 3)
        self.assertEqual(records[2]['error']['type'], 'exit 3')
        self.assertEqual(len(records[3]['result']['text']), 1_000_000)
        self.assertEqual(records[5]['status'], 'succeeded')
        supervisor.send({'stop': 'drain'})
        self.assertEqual(supervisor.rest(), 0)

    def test_the_place_of_tasks(self):
        supervisor = self.start()
        supervisor.batch(0, ['make', 'look', 'below', 'look', 'change', 'look'])
        supervisor.until_batch(0)
        records = supervisor.records()
        for index, files in ((0, ['sub/in/x', 'y']), (2, ['kept/z']), (4, ['kept/model.txt'])):
            self.assertEqual([path for path, _ in records[index]['files']['list']], files)
            found = records[index + 1]['result']
            self.assertEqual(found, {'names': ['entrypoint.py', 'kept'], 'kept': ['model.txt'], 'is': 'm'})
            self.assertNotIn('files', records[index + 1])

    def test_end_of_input(self):
        supervisor = self.start()
        pid = supervisor.until_event('worker')['pid']
        supervisor.batch(0, ['hang'])
        supervisor.process.stdin.close()
        self.assertEqual(supervisor.rest(), 0)
        self.assert_gone(pid)


if __name__ == '__main__':
    unittest.main()
