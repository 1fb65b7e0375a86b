"""Plays a supervisor of a scenario: `supervisors` of the scenario has a list of steps for each process that is started.

The environment names the scenario (FEEDER_SCENARIO) and a folder (FEEDER_STATE), where each process logs the orders that it
receives (`orders-N.jsonl`) and asks the test for a stop (`stop`) or tells of a kill by the kernel (`kernel-kill`).
README.md describes the steps.
"""
import json
import os
import signal
import struct
import sys
import threading

PAGE_SIZE = 4096
STARTED, FINISHED = 1, 2

with open(os.environ['FEEDER_SCENARIO']) as file:
    SCENARIO = json.load(file)
STATE = os.environ['FEEDER_STATE']


def own_number():
    """How many supervisors were started before this one."""
    number = 0
    while True:
        try:
            os.close(os.open(os.path.join(STATE, 'supervisor-%d' % number), os.O_CREAT | os.O_EXCL))
            return number
        except FileExistsError:
            number += 1


def touch(name, text=''):
    """Tells the test something."""
    with open(os.path.join(STATE, name), 'w') as file:
        file.write(text)


class Supervisor:
    """Orders come in a thread of its own; steps are played in the main thread."""

    def __init__(self):
        self.number = own_number()
        self.settings = json.loads(sys.stdin.readline())
        self.changed = threading.Condition()
        self.received = 0
        self.stopped = None
        self.tasks = {}
        # Orders that are not answered: number and the indices that have no record.
        self.open = []
        self.counts = {}
        self.is_ready = False
        self.unlogged = []

    def log_orders(self):
        """Of a supervisor whose child is ready: a feeder may send orders before, or wait."""
        if self.is_ready:
            with open(os.path.join(STATE, 'orders-%d.jsonl' % self.number), 'a') as log:
                log.writelines(self.unlogged)
            self.unlogged = []

    def read_orders(self):
        for line in sys.stdin:
            order = json.loads(line)
            with self.changed:
                self.unlogged.append(line)
                self.log_orders()
                if 'stop' in order:
                    self.stopped = order['stop']
                else:
                    self.open.append((order['batch'], [task[0] for task in order['tasks']]))
                    self.counts[id(self.open[-1])] = [0, 0]
                    for task in order['tasks']:
                        self.tasks[task[0]] = list(task)
                    self.received += len(order['tasks'])
                self.changed.notify_all()
        # The end of input means the same as a stop at once.
        os._exit(0)

    def write(self, line):
        sys.stdout.write(line if isinstance(line, str) else json.dumps(line, separators=(',', ':')) + '\n')
        sys.stdout.flush()

    def answer(self):
        """Answers the oldest order."""
        order = self.open.pop(0)
        succeeded, failed = self.counts[id(order)]
        self.write({'event': 'batch', 'batch': order[0], 'succeeded': succeeded, 'failed': failed, 'not_run': len(order[1])})

    def play(self):
        threading.Thread(target=self.read_orders, daemon=True).start()
        scripts = SCENARIO['supervisors']
        for step in scripts[self.number] if self.number < len(scripts) else []:
            ((name, given),) = step.items()
            getattr(self, name)(given)
        with self.changed:
            self.changed.wait_for(lambda: self.stopped is not None)
            if self.stopped == 'drain':
                while self.open:
                    self.answer()
        os._exit(0)

    def ready(self, pid):
        """A child has imported the project."""
        self.set_page(0, 0, new=True)
        with self.changed:
            self.is_ready = True
            self.log_orders()
        settings = self.settings
        self.write({'event': 'worker', 'worker': settings['worker'], 'node': settings['node'], 'hostname': 'h', 'ip': 'i', 'pid': pid})

    def received_tasks(self, count):
        with self.changed:
            self.changed.wait_for(lambda: self.received >= count)

    def record(self, given):
        index, error = given['index'], given.get('error')
        _, task, _, _, *counted = self.tasks[index]
        attempt = counted[0] + 1 if counted else 1
        line = {'status': 'failed' if error else 'succeeded', 'index': index, 'task': task, 'attempt': attempt}
        line.update({'start': 1.5, 'end': 2.5, 'cpu': 1.0, 'memory': 1024})
        if error:
            line['error'] = {'class': error, 'type': 'T', 'message': 'of the task', 'traceback': ''}
        else:
            line['result'] = {}
        with self.changed:
            self.write(line)
            order = next(each for each in self.open if index in each[1])
            order[1].remove(index)
            self.counts[id(order)][bool(error)] += 1
            while self.open and not self.open[0][1]:
                self.answer()

    def attempt(self, given):
        task = self.tasks[given['index']]
        attempt = task[4] + 1 if len(task) > 4 else 1
        task[4:] = [attempt]
        self.write(
            {'event': 'attempt', 'index': task[0], 'task': task[1], 'attempt': attempt, 'class': given['class'], 'message': 'of the task'}
        )

    def invalid(self, message):
        self.write({'event': 'invalid', 'error': 'import-failed', 'message': message, 'hint': None})

    def in_task(self, cells):
        self.set_page(*cells)

    def torn(self, text):
        self.write(text)

    def kernel_kill(self, _):
        touch('kernel-kill')

    def ask_stop(self, how):
        touch('stop', how)
        with self.changed:
            self.changed.wait_for(lambda: self.stopped == how)

    def exit(self, code):
        os._exit(code)

    def kill(self, name):
        os.kill(os.getpid(), getattr(signal, name))

    def set_page(self, started, finished, new=False):
        path = self.settings['shared_memory']
        if new:
            if os.path.exists(path):
                os.remove(path)
            with open(path, 'wb') as file:
                file.write(bytes(PAGE_SIZE))
        with open(path, 'r+b') as file:
            file.seek(8 * STARTED)
            file.write(struct.pack('=QQ', started, finished))


Supervisor().play()
