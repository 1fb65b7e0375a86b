"""Batches that an agent gives back in part, so that others may have the rest, and those that it holds very long."""
import os
import unittest

from gated_test import GatedTest

SLOW = '''
    import os, time
    with open(%(count)r, 'a') as file:
        file.write('i')
    def entrypoint(curr_process_file):
        with open(%(count)r, 'a') as file:
            file.write(curr_process_file)
        while not os.path.exists(%(gate)r):
            time.sleep(0.01)
        return {'pid': os.getpid()}
'''


class Slices(GatedTest):
    def slow(self):
        """A project whose tasks all wait at the gate; its import is written down as `i`."""
        return self.project(SLOW % {'gate': self.gate, 'count': self.count})

    def test_a_batch_whose_time_is_over_is_answered_with_what_is_left(self):
        self.plan(['a', 'b', 'c'])
        self.pod(self.gated(), pace={'slice': 0.5, 'flush': 3600})
        token = self.offer(0)
        self.in_b()
        self.until(lambda: self.account.told(token)['beats'] > 4, 'more than the time')
        # The running task is not ended.
        self.assertIsNone(self.account.told(token)['output'])
        self.open_gate()
        self.assertEqual(self.answered(token), {'batch': 0, 'succeeded': 2, 'failed': 0, 'notRun': 1})
        self.assertEqual(self.attempts(), {0: 1, 1: 1})
        self.until(lambda: not self.account.messages(), 'an empty queue')
        # Whoever gets the rest does not do again what is done.
        again = self.offer(0)
        self.assertEqual(self.answered(again), {'batch': 0, 'succeeded': 1, 'failed': 0, 'notRun': 0})
        self.assertEqual(self.begun(), 'abc')

    def test_the_worker_stays_warm_from_slice_to_slice(self):
        self.plan(['a', 'b', 'c'])
        self.open_gate()
        self.pod(self.slow(), pace={'slice': 0})
        left = 3
        while left:
            outcome = self.answered(self.offer(0))
            self.assertLess(outcome['notRun'], left)
            left = outcome['notRun']
        self.assertEqual(self.begun(), 'iabc')
        self.assertEqual(len({record['result']['pid'] for record in self.records()}), 1)

    def test_a_batch_of_one_long_task_is_not_cut(self):
        self.plan(['b'])
        self.pod(self.gated(), pace={'slice': 0.2})
        token = self.offer(0)
        self.in_b()
        self.until(lambda: self.account.told(token)['beats'] > 4, 'more than the time')
        self.open_gate()
        self.assertEqual(self.answered(token), {'batch': 0, 'succeeded': 1, 'failed': 0, 'notRun': 0})
        self.assertEqual(self.begun(), 'b')

    def test_the_first_task_runs_even_if_its_data_comes_late(self):
        self.plan(['a', 'b', 'c'])
        self.open_gate()
        self.account.fail('head_object', *['SlowDown'] * 12)
        self.pod(self.gated(), pace={'slice': 0.01, 'longest_pause': 0.5})
        outcome = self.answered(self.offer(0))
        self.assertGreater(outcome['succeeded'], 0)

    def test_an_attempt_that_failed_is_counted_in_the_next_slice(self):
        self.plan(['b', 'c'])
        source = '''
            import os, time
            def entrypoint(curr_process_file, attempt):
                with open(%(count)r, 'a') as file:
                    file.write(curr_process_file)
                while not os.path.exists(%(gate)r):
                    time.sleep(0.01)
                if attempt == 1:
                    os._exit(1)
                return {'attempt': attempt}
        '''
        self.pod(self.project(source % {'gate': self.gate, 'count': self.count}), pace={'slice': 0.2})
        token = self.offer(0)
        self.in_b()
        self.until(lambda: self.account.told(token)['beats'] > 3, 'more than the time')
        self.open_gate()
        self.assertEqual(self.answered(token), {'batch': 0, 'succeeded': 0, 'failed': 0, 'notRun': 2})
        for _ in range(10):
            if not self.answered(self.offer(0))['notRun']:
                break
        self.assertEqual(self.attempts(), {0: 2, 1: 2})

    def test_a_container_that_is_killed_after_a_slice_strikes_only_what_ran(self):
        self.plan(['a', 'b', 'c'])
        project = self.gated()
        pod = self.pod(project, pace={'slice': 0.2, 'flush': 3600})
        token = self.offer(0)
        self.in_b()
        self.until(lambda: self.account.told(token)['beats'] > 3, 'more than the time')
        pod.kill()
        self.open_gate()
        self.pod(project, scratch=pod.scratch)
        self.assertEqual(self.answered(token), {'batch': 0, 'succeeded': 2, 'failed': 0, 'notRun': 0})
        self.assertEqual(self.attempts(), {0: 1, 1: 2, 2: 1})

    def test_a_message_that_is_held_too_long_for_its_queue_goes_and_the_token_stays(self):
        self.plan(['b'])
        self.pod(self.gated(), pace={'keep': 0.5, 'visibility': 2})
        token = self.offer(0)
        self.in_b()
        self.until(lambda: not self.account.messages(), 'the message to go')
        beats = self.account.told(token)['beats']
        self.until(lambda: self.account.told(token)['beats'] > beats + 3, 'heartbeats')
        renewals = len(self.account.calls('change_message_visibility'))
        self.open_gate()
        self.assertEqual(self.answered(token)['succeeded'], 1)
        self.assertEqual(len(self.account.calls('change_message_visibility')), renewals)

    def test_a_pod_that_ends_answers_a_batch_that_has_no_message_any_more(self):
        self.plan(['b', 'c'])
        pod = self.pod(self.gated(), pace={'keep': 0.5, 'grace': 3, 'margin': 2})
        token = self.offer(0)
        self.in_b()
        self.until(lambda: not self.account.messages(), 'the message to go')
        pod.terminate()
        self.assertEqual(pod.wait(), 143)
        self.assertEqual(self.answered(token), {'batch': 0, 'succeeded': 0, 'failed': 0, 'notRun': 2})
        self.assertEqual(self.records(), [])


class Flush(GatedTest):
    def test_records_are_written_when_there_is_enough_work_in_them(self):
        self.plan(['a', 'b'])
        source = '''
            import os, time
            def entrypoint(curr_process_file):
                time.sleep(1.2 if curr_process_file == 'a' else 0)
                while curr_process_file == 'b' and not os.path.exists(%r):
                    time.sleep(0.01)
                return {}
        '''
        # A long task's record does not wait for others.
        self.pod(self.project(source % self.gate), pace={'flush': 1})
        token = self.offer(0)
        self.until(lambda: len(self.records()) == 1, 'the record of a')
        self.assertIsNone(self.account.told(token)['output'])
        self.open_gate()
        self.answered(token)

    def test_many_short_tasks_make_one_part(self):
        names = ['f%d' % number for number in range(50)]
        self.files(**{name: name for name in names})
        self.plan(names)
        self.pod(self.project('def entrypoint():\n    return {}\n'), pace={'flush': 300})
        self.answered(self.offer(0))
        self.assertEqual(len(self.parts()), 1)

    def test_an_agent_writes_only_where_its_role_may(self):
        self.plan(['a'])
        self.open_gate()
        pod = self.pod(self.gated())
        self.answered(self.offer(0))
        pod.terminate()
        pod.wait()
        for call in self.account.calls('put_object'):
            self.assertRegex(call['key'], '^runs/run/(parts|outputs|workers|logs)/')


if __name__ == '__main__':
    unittest.main()
