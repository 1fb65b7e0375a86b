"""The feeder of pods answers the scenarios of test/contract/feeder as the feeder of laptops does (test/contract/feeder.test.ts)."""
import json
import os
import sys
import time
import unittest
from unittest import mock

from support import MAIN, WorkerTest

sys.path.insert(0, os.path.dirname(os.path.dirname(MAIN)))

from gcd_worker.agent.cloud import NotFound  # noqa: E402
from gcd_worker.agent.environment import PACE  # noqa: E402
from gcd_worker.agent.feeder import slot as slot_module  # noqa: E402
from gcd_worker.agent.feeder import supervisor_process  # noqa: E402
from gcd_worker.agent.feeder.data_cache import DataCache  # noqa: E402
from gcd_worker.agent.feeder.journal import Journal  # noqa: E402
from gcd_worker.agent.results.completed import read_completed, without_completed  # noqa: E402
from gcd_worker.agent.results.spool import Spool  # noqa: E402

PATIENCE = 120
CONTRACT = os.path.abspath(os.path.join(os.path.dirname(__file__), '..', '..', 'contract', 'feeder'))
SCENARIOS = os.path.join(CONTRACT, 'scenarios')


class Cloud:
    """The run's store, and the bucket of the data: `data` has the files' contents; None: every file exists."""

    def __init__(self, parts, data):
        self.parts, self.data = parts, data

    def keys(self, prefix):
        return [key for key in self.parts if key.startswith(prefix)]

    def read(self, key):
        return self.parts[key]

    def size(self, _, key):
        return len(self._content(key))

    def download(self, _, key, file):
        file.write(self._content(key))

    def _content(self, key):
        if self.data is None:
            return b'x'
        if key not in self.data:
            raise NotFound('NoSuchKey', key)
        return self.data[key].encode()


class Environment:
    """A run's."""

    def key(self, name):
        return 'runs/run/' + name


class Feeder:
    """Plays one scenario."""

    def __init__(self, folder, scenario):
        self.state, self.scenario = os.path.join(folder, 'state'), scenario
        self.parts = os.path.join(folder, 'parts')
        os.mkdir(self.state)
        lines = [json.dumps(line) if isinstance(line, dict) else line for line in scenario.get('earlier', [])]
        self.cloud = Cloud({'runs/run/parts/1/0-earlier.jsonl': '\n'.join(lines + ['']).encode()}, scenario.get('data'))
        self.spool = Spool(self.parts, 'run-1-pod', max_age=3600)
        self.journal = Journal(folder)
        self.data = DataCache(self.cloud, 'data', os.path.join(folder, 'data'), 1 << 20, PACE, self._wake)
        settings = {'worker': 'pod', 'node': 'node', 'max_attempts': scenario['max_attempts'], 'shared_memory': self.journal.shared_memory}
        self.slot = slot_module.Slot(settings, self.spool, self.journal, self.data, lambda: None)

    def _wake(self):
        with self.slot.changed:
            self.slot.changed.notify_all()

    def play(self):
        """The observed `expected` of the scenario."""
        slot, seen = self.slot, {}
        until = time.monotonic() + PATIENCE
        with slot.changed:
            slot.start()
            while not slot.worker and not slot.ended:
                assert time.monotonic() < until
                slot.changed.wait(0.02)
                slot.check_exit()
            if not slot.ended:
                seen['outcome'] = self._feed(until)
            slot.stop('now')
            slot.kill()
            if slot.invalid is not None:
                seen = {'failure': 'project-invalid'}
            elif slot.failure is not None:
                seen = {'failure': 'worker-died'}
        seen['records'] = self._records()
        seen.update(self._orders())
        return seen

    def _feed(self, until):
        slot, tasks = self.slot, self.scenario['tasks']
        self._fetch([task[2] for task in tasks], until)
        ended, attempts = read_completed(self.cloud, Environment(), 1, 0, tasks)
        slot.begin({'repetition': 1, 'batch': {'batch': 0}}, 'receipt', without_completed(tasks, ended, attempts))
        while slot.work():
            assert time.monotonic() < until, 'the batch does not end'
            stop = self._told('stop')
            if stop:
                slot.stop(stop)
            slot.changed.wait(0.02)
        progress = slot.end()
        return {'succeeded': progress.count('s'), 'failed': progress.count('f'), 'notRun': len(progress.remaining())}

    def _fetch(self, files, until):
        """Has the files on the disk: then the batch is one piece."""
        self.data.want(files)
        for file in files:
            while self.data.take(file) is None:
                assert time.monotonic() < until, 'no data'
                self.slot.changed.wait(0.02)
            self.data.release(file)

    def kernel_kills(self):
        """As gcd_worker.runtime.memory has it."""
        return int(self._told('kernel-kill') is not None)

    def _told(self, name):
        try:
            with open(os.path.join(self.state, name)) as file:
                return file.read()
        except FileNotFoundError:
            return None

    def _records(self):
        self.spool.rotate()
        names = [name for name in os.listdir(self.parts) if name.endswith('.jsonl')]
        records = []
        for name in sorted(names, key=lambda name: int(name[: -len('.jsonl')].rpartition('-')[2])):
            with open(os.path.join(self.parts, name)) as part:
                records += [reduced(json.loads(line)) for line in part]
        return [record for record in records if record]

    def _orders(self):
        sent, data = [], {}
        for number in range(len([name for name in os.listdir(self.state) if name.startswith('supervisor-')])):
            orders = [json.loads(line) for line in (self._told('orders-%d.jsonl' % number) or '').splitlines()]
            orders = [order for order in orders if 'tasks' in order]
            sent.append([task for order in orders for task in order['tasks']])
            for order in orders:
                data.update({file: told.get('error', 'path') for file, told in order['data'].items()})
        # A supervisor that starts when the batch is over may be ended before it has come up.
        while sent and not sent[-1]:
            sent.pop()
        return {'sent': sent, 'data': data}


def reduced(line):
    """What the contract says of a line; None for events that it does not regard."""
    kind = line.get('status') or line['event']
    if kind not in ('succeeded', 'failed', 'attempt'):
        return None
    found = {'line': kind, 'index': line['index'], 'attempt': line['attempt']}
    of = line.get('error', line)
    found.update({key: of[key] for key in ('class', 'type', 'message') if key in of})
    return found


class FeederContract(WorkerTest):
    def test_scenarios(self):
        names = sorted(os.listdir(SCENARIOS))
        self.assertGreater(len(names), 15)
        for name in names:
            with self.subTest(name), open(os.path.join(SCENARIOS, name)) as file:
                scenario = json.load(file)
                feeder = Feeder(self.folder(), scenario)
                names = {'FEEDER_SCENARIO': os.path.join(SCENARIOS, name), 'FEEDER_STATE': feeder.state}
                with mock.patch.dict(os.environ, names), mock.patch.object(
                    supervisor_process, 'MAIN', os.path.join(CONTRACT, 'supervisor.py')
                ), mock.patch.object(slot_module.memory, 'kernel_kills', feeder.kernel_kills):
                    seen = feeder.play()
                expected = dict({'data': {}}, **scenario['expected'])
                self.assertEqual(seen, expected, scenario['it'])


if __name__ == '__main__':
    unittest.main()
