"""How everything ends: orders, the end of input, signals; and that nothing of a task is left."""
import os
import signal
import subprocess
import sys
import unittest

from support import MAIN, PATIENCE, WorkerTest, signs_of

LEAVES = '''
import os, signal, subprocess, sys, time

# Beside the project: each task has a working directory of its own.
SIGNS = os.environ['SIGNS'] + '/'
CHILD = [sys.executable, '-S', '-c', 'import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print("up", flush=True); time.sleep(1000)']

def start(**how):
    process = subprocess.Popen(CHILD, stdout=subprocess.PIPE, **how)
    process.stdout.read(2)
    return process.pid

def daemon():
    read, write = os.pipe()
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.write(write, b'%d' % os.getpid())
            os.closerange(0, 3000)
            time.sleep(1000)
        os._exit(0)
    os.wait()
    return int(os.read(read, 20))

def entrypoint(curr_process_file, **_):
    what = curr_process_file
    result = {'pid': os.getpid()}
    if 'process' in what: result['process'] = start()
    if 'session' in what: result['session'] = start(start_new_session=True)
    if 'daemon' in what: result['daemon'] = daemon()
    if 'hang' in what:
        with open(SIGNS + 'left', 'w') as file: file.write(' '.join(str(result[key]) for key in result))
        sys.stdout.write('hanging\\n')
        os.rename(SIGNS + 'left', SIGNS + 'left.pids')
        while True: time.sleep(1000)
    if 'crash' in what: os._exit(1)
    return result
'''


class Ends(WorkerTest):
    def hanging(self, **settings):
        """A supervisor whose task hangs, with processes of all kinds; and the ids of those."""
        project = self.project(LEAVES)
        supervisor = self.supervisor(project, **settings)
        supervisor.batch(0, ['fine', 'process session daemon hang', 'fine'])
        supervisor.until(lambda message: message.get('index') == 0)
        while not os.path.exists(signs_of(project) + '/left.pids'):
            supervisor.process.poll()
        with open(signs_of(project) + '/left.pids') as file:
            pids = [int(pid) for pid in file.read().split()]
        self.assertEqual(len(pids), 4)
        return supervisor, pids + [supervisor.inner_pid()]

    def assert_all_gone(self, pids):
        for pid in pids:
            self.assert_gone(pid)

    def test_end_of_input(self):
        supervisor, pids = self.hanging()
        supervisor.process.stdin.close()
        self.assertEqual(supervisor.rest(), 0)
        self.assert_all_gone(pids)

    def test_order_to_stop_now(self):
        supervisor, pids = self.hanging()
        supervisor.send({'stop': 'now'})
        self.assertEqual(supervisor.rest(), 0)
        self.assert_all_gone(pids)
        self.assertEqual([m['index'] for m in supervisor.messages if 'status' in m], [0])

    def test_sigterm(self):
        supervisor, pids = self.hanging()
        supervisor.process.send_signal(signal.SIGTERM)
        self.assertEqual(supervisor.rest(), 0)
        self.assert_all_gone(pids)

    def test_keeper_or_supervisor_killed(self):
        supervisor, pids = self.hanging()
        supervisor.process.kill()
        self.assertEqual(supervisor.rest(), -signal.SIGKILL)
        self.assert_all_gone(pids)
        supervisor, pids = self.hanging()
        os.kill(supervisor.inner_pid(), signal.SIGKILL)
        self.assertEqual(supervisor.rest(), 128 + signal.SIGKILL)
        self.assert_all_gone(pids)

    def test_timeout_ends_what_the_task_has_started(self):
        supervisor, pids = self.hanging(task_timeout=1)
        supervisor.until_batch(0)
        self.assert_all_gone(pids[:-1])
        self.assertEqual(supervisor.records()[1]['error']['class'], 'timeout')

    def test_crash_ends_what_the_task_has_started(self):
        source = LEAVES.replace("os._exit(1)", "open(SIGNS + 'left', 'w').write(' '.join(map(str, result.values()))); os._exit(1)")
        supervisor = self.run_tasks(source, ['process session daemon crash', 'fine'])
        with open(signs_of(supervisor.settings['project']) + '/left') as file:
            self.assert_all_gone([int(pid) for pid in file.read().split()])

    def test_daemons_of_earlier_tasks_are_ended_while_the_worker_lives(self):
        supervisor = self.run_tasks(LEAVES, ['daemon', 'process'])
        records = supervisor.records()
        self.assert_gone(records[0]['result']['daemon'])
        os.kill(records[1]['result']['process'], 0)
        self.assertEqual(len(supervisor.events('worker')), 1)

    def test_daemons_from_importing_live_as_long_as_the_worker(self):
        source = LEAVES + '\nHELPER = daemon()\n\ndef entrypoint(**_):\n    os.kill(HELPER, 0)\n    return {"helper": HELPER, "own": daemon()}\n'
        supervisor = self.run_tasks(source, ['a'])
        result = supervisor.records()[0]['result']
        self.assert_gone(result['own'])
        supervisor.batch(1, ['b'])
        supervisor.until_batch(1)
        self.assertEqual(supervisor.records()[0]['status'], 'succeeded')
        supervisor.process.stdin.close()
        supervisor.rest()
        self.assert_gone(result['helper'])

    def test_sigint_is_the_feeders_business(self):
        supervisor = self.supervisor(self.project(LEAVES))
        supervisor.until_event('worker')
        for pid in (supervisor.process.pid, supervisor.inner_pid()):
            os.kill(pid, signal.SIGINT)
        supervisor.batch(0, ['fine'])
        supervisor.until_batch(0)
        self.assertEqual(supervisor.records()[0]['status'], 'succeeded')

    def test_no_settings(self):
        supervisor = subprocess.run([sys.executable, MAIN, 'supervise'], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        self.assertEqual((supervisor.returncode, supervisor.stdout), (0, b''))

    FLOOD = "import os\ndef entrypoint(**_):\n    return {'text': 'x' * 100_000, 'pid': os.getpid()}"

    def test_blocked_output_does_not_hide_the_end_of_input(self):
        supervisor = self.supervisor(self.project(self.FLOOD))
        pid = supervisor.until_event('worker')['pid']
        supervisor.batch(0, ['a'] * 1000)
        supervisor.until(lambda message: message.get('index') == 0)
        # From here on nobody reads; it fills up.
        supervisor.process.stdin.close()
        supervisor.process.wait(PATIENCE)
        self.assert_gone(pid)

    def test_output_gone(self):
        supervisor = self.supervisor(self.project(self.FLOOD))
        pid = supervisor.until_event('worker')['pid']
        supervisor.process.stdout.close()
        supervisor.process.wait(PATIENCE)
        self.assert_gone(pid)

    def test_slow_reader_gets_everything_and_costs_no_deadline(self):
        supervisor = self.supervisor(self.project(self.FLOOD), task_timeout=0.5)
        supervisor.batch(0, ['a'] * 300)
        supervisor.until(lambda message: message.get('index') == 0)
        # Longer than the deadline, so that tasks would be struck that only wait for their reader.
        subprocess.run([sys.executable, '-c', 'import time; time.sleep(1.2)'])
        supervisor.until_batch(0)
        self.assertEqual(supervisor.messages[-1], {'event': 'batch', 'batch': 0, 'succeeded': 300, 'failed': 0, 'not_run': 0})
        self.assertEqual(len(supervisor.events('worker')), 1)


class Drain(WorkerTest):
    SOURCE = '''
    import atexit, os, time
    SIGNS = os.environ['SIGNS'] + '/'
    def entrypoint(curr_process_file, attempt, **_):
        if curr_process_file == 'wait':
            open(SIGNS + 'waiting', 'w').close()
            while not os.path.exists(SIGNS + 'go'): time.sleep(0.005)
        if curr_process_file == 'bad': raise ValueError
        if curr_process_file == 'crash': os._exit(1)
        if curr_process_file == 'crash after':
            open(SIGNS + 'waiting', 'w').close()
            while not os.path.exists(SIGNS + 'go'): time.sleep(0.005)
            os._exit(1)
        return {}
    atexit.register(lambda: open(SIGNS + 'goodbye', 'w').close())
    '''

    def drained(self, tasks, **settings):
        project = self.project(self.SOURCE)
        supervisor = self.supervisor(project, **settings)
        supervisor.batch(0, ['a', 'a', 'bad'])
        for number in (1, 2, 3):
            supervisor.batch(number, tasks)
        while not os.path.exists(signs_of(project) + '/waiting'):
            supervisor.process.poll()
        supervisor.send({'stop': 'drain'}, {'nonsense': 1})
        supervisor.batch(9, ['a', 'b'])
        # Its complaint about the second order tells that the first is in force.
        self.assertIn(b'nonsense', supervisor.process.stderr.readline())
        open(signs_of(project) + '/go', 'w').close()
        self.assertEqual(supervisor.rest(), 0)
        self.assertEqual([event['batch'] for event in supervisor.events('batch')], [0, 1, 2, 3, 9])
        return supervisor, project

    def counts(self, supervisor, number):
        event = supervisor.events('batch')[number]
        return event['succeeded'], event['failed'], event['not_run']

    def test_running_task_ends_and_every_batch_is_answered(self):
        supervisor, project = self.drained(['a', 'bad', 'wait', 'b', 'c'])
        self.assertEqual(self.counts(supervisor, 0), (2, 1, 0))
        self.assertEqual(self.counts(supervisor, 1), (2, 1, 2))
        self.assertEqual([self.counts(supervisor, number) for number in (2, 3, 4)], [(0, 0, 5), (0, 0, 5), (0, 0, 2)])
        self.assertTrue(os.path.exists(signs_of(project) + '/goodbye'))

    def test_tasks_that_would_be_retried_are_not_run(self):
        supervisor, _ = self.drained(['bad', 'crash', 'wait', 'a'], max_attempts=3, retry_exceptions=2)
        self.assertEqual(self.counts(supervisor, 1), (1, 0, 3))
        supervisor, _ = self.drained(['a', 'crash after', 'a'], max_attempts=2)
        self.assertEqual(self.counts(supervisor, 1), (1, 0, 2))
        self.assertEqual([event['attempt'] for event in supervisor.events('attempt')], [1])
        supervisor, _ = self.drained(['a', 'crash after', 'a'], max_attempts=1)
        self.assertEqual(self.counts(supervisor, 1), (1, 1, 1))

    def test_while_importing_and_while_idle(self):
        supervisor = self.supervisor(self.project('import time\ntime.sleep(1000)'))
        supervisor.batch(0, ['a'])
        supervisor.send({'stop': 'drain'})
        self.assertEqual(supervisor.rest(), 0)
        self.assertEqual(self.counts(supervisor, 0), (0, 0, 1))
        supervisor = self.supervisor(self.project(self.SOURCE))
        supervisor.until_event('worker')
        supervisor.send({'stop': 'drain'})
        self.assertEqual(supervisor.rest(), 0)

    def test_exit_handlers_cannot_hold_it_up(self):
        source = """
        import atexit, os, sys, threading, time
        atexit.register(lambda: time.sleep(1000))
        atexit.register(sys.exit, 5)
        threading.Thread(target=time.sleep, args=(1000,)).start()
        def entrypoint(**_):
            return {}
        """
        supervisor = self.run_tasks(source, ['a'])
        supervisor.send({'stop': 'drain'})
        self.assertEqual(supervisor.rest(), 0)


if __name__ == '__main__':
    unittest.main()
