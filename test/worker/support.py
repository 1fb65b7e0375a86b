"""Drives a real supervisor through its pipes, as worker/PROTOCOL.md says."""
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
import unittest

MAIN = os.path.abspath(os.path.join(os.path.dirname(__file__), '..', '..', 'worker', 'gcd_worker', '__main__.py'))

# Only a broken worker ever waits that long.
PATIENCE = 240


def place_of(project):
    """The working directory of its tasks."""
    return os.path.join(os.path.dirname(project), 'run', 'places', 'local-1')


def signs_of(project):
    """A folder for what tasks and tests tell each other; tasks know it as SIGNS of the environment."""
    return os.path.dirname(project)


class Supervisor:
    """A supervisor process. `lines` are all lines read so far, as bytes; `messages` the same, parsed."""

    def __init__(self, project, **settings):
        self.settings = {
            'project': project,
            'worker': 'local-1',
            'node': 'laptop',
            'data_root': None,
            'arguments': {'data_bucket': 'bucket', 'aws_region': 'us-west-2'},
            'task_timeout': None,
            'max_attempts': 1,
            'retry_exceptions': 1,
            'memory': None,
            'keep_output': False,
            'environment': {'SIGNS': signs_of(project)},
        }
        self.settings['working_directory'] = place_of(project)
        self.settings['outputs'] = os.path.join(os.path.dirname(project), 'run', 'outputs')
        self.settings.update(settings)
        self.process = subprocess.Popen(
            [sys.executable, MAIN, 'supervise'],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
        )
        self.lines = []
        self.messages = []
        self._rest = []
        self.send(self.settings)

    def send(self, *orders):
        """Writes orders, one a line."""
        data = ''.join(json.dumps(order) + '\n' for order in orders).encode()
        while data:
            data = data[self.process.stdin.write(data) :]

    def batch(self, number, tasks):
        """Sends a batch; a task is a file, or (file, column), or (file, column, earlier attempts)."""
        rows = []
        for index, task in enumerate(tasks):
            file, column, *earlier = task if isinstance(task, tuple) else (task, None)
            rows.append([index, 'id-%d' % index, file, column] + earlier)
        self.send({'batch': number, 'tasks': rows})

    def until(self, wanted):
        """Reads until a message satisfies `wanted`; returns it. Fails at the end of output."""
        seen = 0
        while True:
            for message in self.messages[seen:]:
                if wanted(message):
                    return message
            seen = len(self.messages)
            if not self._read():
                raise AssertionError('output ended: %r; %s' % (self.lines[-3:], self.process.stderr.read().decode()))

    def until_event(self, name, **fields):
        """Reads until that event."""
        return self.until(
            lambda m: m.get('event') == name and all(m.get(key) == value for key, value in fields.items())
        )

    def until_batch(self, number):
        """Reads until the end of the batch; returns its event."""
        return self.until_event('batch', batch=number)

    def rest(self):
        """Reads to the end of output; returns the exit code."""
        while self._read():
            pass
        return self.process.wait(PATIENCE)

    def _read(self):
        if not select.select([self.process.stdout], [], [], PATIENCE)[0]:
            raise AssertionError('nothing more came after %r' % self.lines[-3:])
        data = os.read(self.process.stdout.fileno(), 1 << 20)
        self._rest.append(data)
        if b'\n' not in data:
            return bool(data)
        *lines, rest = b''.join(self._rest).split(b'\n')
        self._rest = [rest]
        for line in lines:
            self.lines.append(line)
            self.messages.append(json.loads(line.decode()))
        return bool(data)

    def records(self):
        """The records so far, by the index of their task."""
        return {m['index']: m for m in self.messages if 'status' in m}

    def events(self, name):
        """The events of that name so far."""
        return [m for m in self.messages if m.get('event') == name]

    def inner_pid(self):
        """The supervisor proper, below its keeper."""
        with open('/proc/%d/task/%d/children' % (self.process.pid, self.process.pid)) as children:
            return int(children.read())

    def close(self):
        """Ends it, whatever it is doing."""
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            stream.close()
        try:
            self.process.wait(PATIENCE)
        finally:
            self.process.kill()


class WorkerTest(unittest.TestCase):
    """A test with a project folder of its own and supervisors that end with it."""

    maxDiff = None

    def folder(self, name='project'):
        """A new empty folder of that name."""
        parent = os.path.realpath(tempfile.mkdtemp(prefix='gcd-worker-test-'))
        self.addCleanup(shutil.rmtree, parent, ignore_errors=True)
        path = os.path.join(parent, name)
        os.mkdir(path)
        return path

    def project(self, source, name='project', **files):
        """A project whose entrypoint.py is `source`; other files by name, `__` for a dot and `___` for a slash."""
        folder = self.folder(name)
        for file, text in dict(files, entrypoint__py=source).items():
            path = os.path.join(folder, file.replace('___', '/').replace('__', '.'))
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, 'w') as out:
                out.write(textwrap.dedent(text))
        return folder

    def supervisor(self, project, **settings):
        """A running supervisor."""
        supervisor = Supervisor(project, **settings)
        self.addCleanup(supervisor.close)
        return supervisor

    def run_tasks(self, source, tasks, **settings):
        """Runs the tasks with that entrypoint.py as one batch; returns the supervisor when the batch has ended."""
        supervisor = self.supervisor(self.project(source), **settings)
        supervisor.batch(0, tasks)
        supervisor.until_batch(0)
        return supervisor

    def error(self, record):
        """The error of a failed record."""
        self.assertEqual(record['status'], 'failed', record)
        return record['error']

    def assert_gone(self, pid):
        """Waits for a process to end."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                with open('/proc/%d/stat' % pid) as file:
                    if file.read().rpartition(')')[2].split()[0] == 'Z':
                        return
            except OSError:
                return
            time.sleep(0.01)
        os.kill(pid, signal.SIGKILL)
        self.fail('process %d lives on' % pid)
