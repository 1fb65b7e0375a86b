"""Agents of a run that is over: nothing more is begun, the Map is ended by one answer, and what runs is kept."""
import json
import os
import time
import unittest

from gated_test import GatedTest

STOPPED = {'error': 'Stopped', 'cause': 'the run was stopped'}


class Stop(GatedTest):
    def stop(self, how='drain'):
        self.account.put('bucket', 'runs/run/control.json', json.dumps({'stop': how}))

    def deadline(self, seconds):
        self.account.put('bucket', 'runs/run/costs/run-1.json', json.dumps({'deadline': time.time() + seconds}))

    def test_a_pod_that_drains_ends_the_run_with_its_batch_and_then_itself(self):
        self.plan(['a', 'b', 'c'], ['c', 'c'])
        pod = self.pod(self.gated())
        token = self.offer(0)
        self.in_b()
        self.stop()
        self.until(lambda: 'no other task starts' in pod.log(), 'the stop')
        other = self.offer(1)
        self.open_gate()
        self.assertEqual(self.answered(token), STOPPED)
        self.assertEqual(pod.wait(), 0)
        # What ran was done to its end, and is in the bucket; nothing else was taken.
        self.assertEqual((self.begun(), self.attempts()), ('ab', {0: 1, 1: 1}))
        self.assertEqual([message['receipt'] for message in self.account.messages().values()], [''])
        self.assertIsNone(self.account.told(other)['output'])

    def test_a_pod_that_is_idle_ends_the_run_with_the_next_batch(self):
        self.plan(['a'], ['c'], ['c'])
        pod = self.pod(self.gated())
        self.answered(self.offer(0))
        self.stop()
        self.until(lambda: 'no other task starts' in pod.log(), 'the stop')
        # Nobody waits for it, as one would for a task that runs.
        self.until(lambda: not pod.ready(), 'a pod that does not count')
        self.assertIsNone(pod.process.poll())
        token = self.offer(1)
        self.offer(2)
        self.assertEqual(self.answered(token), STOPPED)
        self.assertEqual(pod.wait(), 0)
        self.assertEqual(self.begun(), 'a')
        self.assertEqual(len(self.account.messages()), 1)

    def test_pods_of_a_run_that_is_stopped_answer_each_message_once_and_take_no_more(self):
        self.plan(['b', 'c'], ['b', 'c'], *[['c']] * 20)
        project = self.gated()
        pods = [self.pod(project, name='pod-%d' % number, pace={'heartbeat': 3600}) for number in range(4)]
        tokens = [self.offer(number) for number in range(2)]
        self.in_b(2)
        self.stop()
        for pod in pods:
            self.until(lambda pod=pod: 'no other task starts' in pod.log(), 'the stop')
        tokens += [self.offer(number) for number in range(2, 22)]
        idle = self.until(lambda: [pod for pod in pods if pod.process.poll() == 0], 'the end of a pod')
        self.assertLess(len(idle), len(pods))
        # The tasks that run go on although the Map has failed.
        self.open_gate()
        for pod in pods:
            self.assertEqual(pod.wait(), 0)
        self.assertEqual(self.attempts(), {0: 1, 2: 1})
        self.assertEqual(self.begun(), 'bb')
        answers = self.account.calls('send_task_failure') + self.account.calls('send_task_success')
        self.assertEqual(len({call['token'] for call in answers}), len(answers))
        self.assertEqual([self.account.told(token)['output'] for token in tokens].count(STOPPED), 1)
        # One each, whether it was theirs or the next one.
        self.assertGreaterEqual(len(self.account.messages()), len(tokens) - len(pods))

    def test_a_fence_that_comes_before_the_stop_is_known_ends_no_task(self):
        self.plan(['a', 'b', 'c'])
        pod = self.pod(self.gated(), pace={'control': 3600})
        token = self.offer(0)
        self.in_b()
        self.stop()
        self.account.write(('tokens', token), {'beats': 0, 'output': None, 'expired': True})
        self.until(lambda: 'no other task starts' in pod.log(), 'the stop')
        self.open_gate()
        self.assertEqual(pod.wait(), 0)
        self.assertEqual(self.attempts(), {0: 1, 1: 1})
        self.assertEqual(self.begun(), 'ab')

    def test_a_fence_while_nobody_can_say_whether_the_run_is_over_ends_no_task(self):
        self.plan(['a', 'b', 'c'])
        pod = self.pod(self.gated(), pace={'control': 3600})
        token = self.offer(0)
        self.in_b()
        self.account.fail('get_object', 'network*')
        self.account.write(('tokens', token), {'beats': 0, 'output': None, 'expired': True})
        self.until(lambda: 'could not be read' in pod.log(), 'a failed poll')
        self.stop()
        self.account.fail('get_object')
        self.until(lambda: 'no other task starts' in pod.log(), 'the stop')
        self.open_gate()
        self.assertEqual(pod.wait(), 0)
        self.assertEqual(self.attempts(), {0: 1, 1: 1})

    def test_a_stop_now_ends_the_running_task(self):
        self.plan(['a', 'b', 'c'])
        pod = self.pod(self.gated())
        token = self.offer(0)
        self.in_b()
        self.stop('now')
        self.assertEqual(self.answered(token), STOPPED)
        self.assertEqual(pod.wait(), 0)
        self.assertEqual(self.attempts(), {0: 1})

    def test_a_deadline_that_has_passed_ends_the_run(self):
        self.plan(['a'])
        self.deadline(-1)
        self.account.put('bucket', 'runs/run/costs/run-0.json', json.dumps({'deadline': 1}))
        token = self.offer(0)
        pod = self.pod(self.gated())
        self.assertEqual(self.answered(token), dict(STOPPED, cause='the budget of the run is used up'))
        self.assertEqual(pod.wait(), 0)
        self.assertEqual(self.begun(), '')

    def test_a_task_may_run_on_for_a_while_after_the_deadline(self):
        self.plan(['b', 'c'])
        pod = self.pod(self.gated(), pace={'late': 4})
        # Time enough for the pod to start its first task on a slow machine.
        self.deadline(10)
        token = self.offer(0)
        self.in_b()
        self.until(lambda: 'no other task starts' in pod.log(), 'the deadline')
        self.assertEqual(self.answered(token)['error'], 'Stopped')
        self.assertEqual(pod.wait(), 0)
        self.assertIn('the running task is killed', pod.log())
        self.assertEqual(self.records(), [])

    def test_a_pod_whose_task_runs_on_counts_as_long(self):
        self.plan(['b', 'c'])
        pod = self.pod(self.gated())
        self.offer(0)
        self.in_b()
        self.stop()
        self.until(lambda: 'no other task starts' in pod.log(), 'the stop')
        self.assertTrue(pod.ready())
        self.open_gate()
        self.assertEqual(pod.wait(), 0)
        self.assertFalse(pod.ready())

    def test_a_pod_that_begins_after_the_end_and_gets_nothing_does_not_count_for_ever(self):
        self.plan(['a'])
        self.stop()
        pod = self.pod(self.gated(), pace={'visibility': 1})
        self.until(pod.ready, 'the pod')
        self.until(lambda: not pod.ready(), 'a pod that does not count')
        self.assertIsNone(pod.process.poll())

    def test_a_pod_that_begins_after_the_end_is_ready_without_importing_anything(self):
        self.plan(['a'])
        self.stop()
        pod = self.pod(self.project('import nothing_like_this\n'))
        self.until(pod.ready, 'the pod')
        token = self.offer(0)
        self.assertEqual(self.answered(token), STOPPED)
        self.assertEqual(pod.wait(), 0)
        # Kubernetes starts the container anew: it takes nothing else.
        self.offer(0)
        again = self.pod(self.gated(), scratch=pod.scratch)
        self.assertEqual(again.wait(), 0)
        self.assertFalse(again.ready())
        self.assertEqual(len(self.account.messages()), 1)
        self.assertEqual(self.begun(), '')

    def test_what_was_done_is_in_the_bucket_before_the_pod_ends(self):
        self.plan(['b', 'c'])
        pod = self.pod(self.gated(), pace={'margin': 1})
        token = self.offer(0)
        self.in_b()
        self.account.fail('put_object', 'SlowDown*')
        self.stop()
        self.until(lambda: 'no other task starts' in pod.log(), 'the stop')
        self.open_gate()
        self.until(lambda: 'this pod exits' in pod.log(), 'its end')
        time.sleep(2)
        self.assertIsNone(pod.process.poll())
        self.assertIsNone(self.account.told(token)['output'])
        self.account.fail('put_object')
        self.assertEqual(pod.wait(), 0)
        self.assertEqual(self.attempts(), {0: 1})
        self.assertEqual(self.account.told(token)['output'], STOPPED)

    def test_what_is_not_there_is_asked_for_without_listing(self):
        self.plan(['a'])
        self.pod(self.gated())
        self.answered(self.offer(0))
        self.until(lambda: len(self.asked('control.json')) > 3, 'several looks')
        prefixes = {call['prefix'] for call in self.account.calls('list_objects_v2')}
        self.assertEqual({prefix for prefix in prefixes if not prefix.startswith('runs/run/parts/')}, set())

    def test_a_run_without_a_deadline_is_asked_for_it_once(self):
        self.plan(['a'])
        self.account.put('bucket', 'runs/run/costs/run-1.json', json.dumps({'deadline': None}))
        self.pod(self.gated())
        self.answered(self.offer(0))
        self.until(lambda: len(self.asked('control.json')) > 3, 'several looks')
        self.assertLessEqual(len(self.asked('costs/run-1.json')), 2)

    def test_who_may_not_list_is_told_denied_of_what_is_not_there(self):
        self.plan(['a'])
        self.account.hide('runs/run/control.json', 'runs/run/costs/run-1.json')
        self.pod(self.gated())
        self.assertEqual(self.answered(self.offer(0))['succeeded'], 1)

    def asked(self, name):
        return [call for call in self.account.calls('get_object') if call['key'] == 'runs/run/' + name]


if __name__ == '__main__':
    unittest.main()
