"""Runs real agents in processes of their own, with AWS imitated in a folder (imitated/boto3)."""
import importlib.util
import json
import os
import signal
import subprocess
import sys
import time

from support import MAIN, PATIENCE, WorkerTest

IMITATED = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'imitated')
PACE = {
    'visibility': 60,
    'renew': 0.3,
    'heartbeat': 0.3,
    'poll': 0.2,
    'flush': 0.3,
    'state': 0.3,
    'control': 0.2,
    'grace': 30,
    'margin': 6,
    'pause': 0.05,
    'longest_pause': 0.2,
    'patience': 0.5,
    'identity': 60,
}
CONFIG = {
    'dataBucket': {'kind': 's3', 'bucket': 'data', 'prefix': ''},
    'env': {},
    'region': None,
    'solverName': None,
    'solverLicenceFile': None,
    'taskTimeoutSeconds': None,
    'maxAttempts': 3,
    'exceptionAttempts': 1,
    'keepOutput': False,
    'dataCacheBytes': None,
}


def _imitation():
    spec = importlib.util.spec_from_file_location('imitated_boto3', os.path.join(IMITATED, 'boto3', '__init__.py'))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class AgentTest(WorkerTest):
    """A run `run-1` with its bucket `bucket`, data files in `data`, and pods that work on it."""

    def setUp(self):
        self.account = _imitation().Account(self.folder('account'))
        self.config = dict(CONFIG)
        self.batches, self.pods = [], []
        self.files(a='1\n', b='2\n', c='3\n')

    def files(self, **files):
        """Data files."""
        for name, text in files.items():
            self.account.put('data', name, text)

    def plan(self, *batches, tables=()):
        """Writes the request and the batches: lists of files, or of (file, column); `tables` of each batch, if any."""
        self.account.put('bucket', 'runs/run/request.json', json.dumps({'config': self.config, 'target': {}}))
        lines, index, offset = [], 0, 0
        for number, tasks in enumerate(batches):
            rows = []
            for task in tasks:
                file, column = task if isinstance(task, tuple) else (task, None)
                rows.append([index, 'id-%d' % index, file, column])
                index += 1
            line = json.dumps(rows)
            self.batches.append({'batch': number, 'tasks': len(rows), 'offset': offset, 'bytes': len(line)})
            lines.append(line + '\n')
            offset += len(line) + 1
            if number < len(tables) and tables[number]:
                lines.append(json.dumps(tables[number]) + '\n')
                self.batches[-1]['tables'] = len(lines[-1]) - 1
                offset += len(lines[-1])
        self.account.put('bucket', 'runs/run/batch-tasks.jsonl', ''.join(lines))

    def offer(self, number, token=None, repetition=1):
        """Sends the message of a batch, with a new token unless one is given; the token."""
        token = token or self.account.token('token-%d-%d-%d' % (number, repetition, len(self.account.calls('x'))))
        message = {'run': 'run', 'execution': 'run-1', 'repetition': repetition}
        self.account.send(json.dumps(dict(message, batch=self.batches[number], taskToken=token)))
        return token

    def pod(self, project, name='pod', scratch=None, pace=None, **variables):
        """A running agent; `scratch` is another one's, when its container starts again."""
        scratch = scratch or os.path.join(self.folder('scratch'), 'gcd')
        environment = dict(os.environ, GCD_BUCKET='bucket', GCD_RUN='run', GCD_EXECUTION='run-1')
        environment.update(GCD_QUEUE_URL='queue', AWS_REGION='eu-west-1', GCD_POD=name, GCD_NODE='node-1')
        environment.update(GCD_SCRATCH=scratch, GCD_PACKAGES=IMITATED, GCD_PROJECT=project)
        environment.update(AWS_ENDPOINT_URL=self.account.root, GCD_CREDENTIALS='environment')
        environment.update(GCD_PACE=json.dumps(dict(PACE, **(pace or {}))))
        environment.update(GCD_TERMINATION_LOG=os.path.join(os.path.dirname(scratch), 'termination-log'))
        environment.update(variables)
        pod = Pod(environment, scratch)
        self.pods.append(pod)
        self.addCleanup(pod.close)
        return pod

    def until(self, condition, what):
        """Waits for a condition; returns what it returned."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            found = condition()
            if found:
                return found
            time.sleep(0.02)
        logs = ['%s said:\n%s' % (pod.scratch, pod.log()) for pod in self.pods]
        self.fail('\n'.join(['waited in vain for ' + what] + logs))

    def answered(self, token):
        """Waits for the answer to a token; returns it."""
        return self.until(lambda: self.account.told(token)['output'], 'an answer to ' + token)

    def parts(self, repetition=1):
        """Lines of all parts, parsed, by name of the part."""
        prefix = 'runs/run/parts/%d/' % repetition
        parts = {}
        for key in self.account.keys('bucket', prefix):
            lines = self.account.get('bucket', key).split(b'\n')
            self.assertEqual(lines[-1], b'', 'a torn part')
            parts[key[len(prefix) :]] = [json.loads(line.decode()) for line in lines[:-1]]
        return parts

    def records(self, repetition=1):
        """All records, in the order of the parts."""
        return [line for lines in self.parts(repetition).values() for line in lines if 'status' in line]

    def state(self, name='pod'):
        """The pod's state in the bucket; None before there is one."""
        found = self.account.get('bucket', 'runs/run/workers/%s.json' % name)
        return found and json.loads(found.decode())


class Pod:
    """An agent's process."""

    def __init__(self, environment, scratch):
        self.environment, self.scratch = environment, scratch
        self.said = os.path.join(os.path.dirname(scratch), 'said')
        with open(self.said, 'ab') as said:
            self.process = subprocess.Popen(
                [sys.executable, MAIN, 'agent'], env=environment, stderr=said, start_new_session=True
            )

    def wait(self):
        """Its exit code."""
        return self.process.wait(PATIENCE)

    def terminate(self):
        """SIGTERM."""
        self.process.terminate()

    def kill(self):
        """As the kernel ends a container that uses too much memory: every process of it, at once."""
        for pid in [self.process.pid] + self.descendants():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.process.wait(PATIENCE)

    def descendants(self):
        """Processes below it."""
        found, seen = [], [self.process.pid]
        while seen:
            pid = seen.pop()
            below = []
            try:
                for thread in os.listdir('/proc/%d/task' % pid):
                    with open('/proc/%d/task/%s/children' % (pid, thread)) as children:
                        below += [int(each) for each in children.read().split()]
            except OSError:
                continue
            found += below
            seen += below
        return found

    def ready(self):
        """Whether Kubernetes would count it."""
        return os.path.exists(os.path.join(self.scratch, 'ready'))

    def last_words(self):
        """What Kubernetes would show of its end."""
        with open(self.environment['GCD_TERMINATION_LOG']) as file:
            return file.read()

    def log(self):
        """What it said."""
        with open(self.said) as file:
            return file.read()

    def close(self):
        """Ends it, whatever it is doing."""
        if self.process.poll() is None:
            self.kill()
