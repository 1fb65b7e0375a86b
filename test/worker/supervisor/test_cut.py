"""An order to cut: the running task ends, batches that have come are answered as they are, and the child goes on."""
import os
import sys
import unittest

from support import MAIN, WorkerTest

sys.path.insert(0, os.path.dirname(os.path.dirname(MAIN)))

from gcd_worker.protocol.shared_memory import STOP, read_shared_memory  # noqa: E402

SOURCE = '''
    import os, time
    with open(%(count)r, 'a') as file:
        file.write('i')
    def entrypoint(curr_process_file, attempt):
        with open(%(count)r, 'a') as file:
            file.write(curr_process_file)
        while curr_process_file in 'wx' and not os.path.exists(%(gate)r):
            time.sleep(0.01)
        if curr_process_file == 'x':
            os._exit(3)
        if curr_process_file == 'e' and attempt == 1:
            raise ValueError('once')
        return {'pid': os.getpid()}
'''


class Cut(WorkerTest):
    def setUp(self):
        place = self.folder()
        self.gate, self.count = os.path.join(place, 'gate'), os.path.join(place, 'count')
        self.page = os.path.join(place, 'page')

    def begin(self, **settings):
        source = SOURCE % {'gate': self.gate, 'count': self.count}
        return self.supervisor(self.project(source), shared_memory=self.page, **settings)

    def cut(self, supervisor, *more):
        """Sends the order, and waits until the child would heed it."""
        supervisor.send({'cut': True}, *more)
        while not read_shared_memory(self.page)[STOP]:
            pass

    def begun(self):
        try:
            with open(self.count) as file:
                return file.read()
        except FileNotFoundError:
            return ''

    def wait_for(self, begun):
        while self.begun() != begun:
            pass

    def open_gate(self):
        open(self.gate, 'w').close()

    def counts(self, event):
        return [event[key] for key in ('batch', 'succeeded', 'failed', 'not_run')]

    def test_what_runs_ends_and_the_same_child_goes_on_with_what_comes_later(self):
        supervisor = self.begin()
        supervisor.batch(0, ['a', 'w', 'b'])
        for number in range(1, 6):
            supervisor.batch(number, ['c'])
        self.wait_for('iaw')
        self.cut(supervisor)
        supervisor.batch(6, ['d'])
        self.open_gate()
        supervisor.until_batch(6)
        self.assertEqual(
            [self.counts(event) for event in supervisor.events('batch')],
            [[0, 2, 0, 1]] + [[number, 0, 0, 1] for number in range(1, 6)] + [[6, 1, 0, 0]],
        )
        self.assertEqual(self.begun(), 'iawd')
        self.assertEqual(len(supervisor.events('worker')), 1)

    def test_nothing_to_cut_cuts_nothing(self):
        supervisor = self.begin()
        supervisor.send({'cut': True})
        supervisor.batch(0, ['a'])
        supervisor.until_batch(0)
        supervisor.send({'cut': True})
        supervisor.batch(1, ['b'])
        self.assertEqual(self.counts(supervisor.until_batch(1)), [1, 1, 0, 0])

    def test_a_child_that_dies_in_the_task_that_ends_the_cut_is_replaced_and_begins_none(self):
        supervisor = self.begin(max_attempts=2)
        supervisor.batch(0, ['a', 'x', 'b'])
        supervisor.batch(1, ['c'])
        self.wait_for('iax')
        self.cut(supervisor)
        self.open_gate()
        supervisor.batch(2, ['d'])
        supervisor.until_batch(2)
        self.assertEqual(
            [self.counts(event) for event in supervisor.events('batch')], [[0, 1, 0, 2], [1, 0, 0, 1], [2, 1, 0, 0]]
        )
        self.assertEqual(self.begun(), 'iaxid')
        self.assertEqual([event['attempt'] for event in supervisor.events('attempt')], [1])

    def test_a_task_to_be_repeated_is_not(self):
        supervisor = self.begin(retry_exceptions=2)
        supervisor.batch(0, ['e', 'w', 'a'])
        self.wait_for('iew')
        self.cut(supervisor)
        self.open_gate()
        self.assertEqual(self.counts(supervisor.until_batch(0)), [0, 1, 0, 2])
        self.assertEqual(len(supervisor.events('attempt')), 1)

    def test_a_cut_and_then_an_end(self):
        supervisor = self.begin()
        supervisor.batch(0, ['w', 'a'])
        supervisor.batch(1, ['b'])
        self.wait_for('iw')
        self.cut(supervisor, {'stop': 'drain'})
        self.open_gate()
        self.assertEqual(supervisor.rest(), 0)
        self.assertEqual([self.counts(event) for event in supervisor.events('batch')], [[0, 1, 0, 1], [1, 0, 0, 1]])


if __name__ == '__main__':
    unittest.main()
