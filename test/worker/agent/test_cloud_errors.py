"""An agent whose cloud fails, sends things twice, or wants an end of the run."""
import json
import shutil
import time
import unittest

from gated_test import GatedTest


class Trouble(GatedTest):
    def test_a_token_that_has_expired_is_dropped_with_its_message(self):
        self.plan(['a'], ['c'])
        self.account.write(('tokens', 'old'), {'beats': 0, 'output': None, 'expired': True})
        self.offer(0, token='old')
        self.offer(0, token='never-there')
        token = self.offer(1)
        self.pod(self.gated())
        self.answered(token)
        self.until(lambda: not self.account.messages(), 'an empty queue')
        self.assertEqual(self.begun(), 'c')

    def test_a_token_that_expires_meanwhile_ends_the_work_on_its_batch(self):
        self.plan(['a', 'b', 'c'], ['c'])
        project = self.gated()
        self.pod(project)
        token = self.offer(0)
        self.in_b()
        self.account.write(('tokens', token), {'beats': 0, 'output': None, 'expired': True})
        self.until(lambda: not self.account.messages(), 'the message to go')
        # The pod goes on, and what was done is kept.
        self.assertEqual(self.answered(self.offer(1))['succeeded'], 1)
        self.assertEqual(self.begun(), 'abc')
        self.assertEqual(self.attempts(), {0: 1, 3: 1})

    def test_a_message_that_comes_twice_is_done_once(self):
        self.plan(['a'])
        token = self.account.token('twice')
        self.offer(0, token=token)
        self.offer(0, token=token)
        self.pod(self.gated())
        self.answered(token)
        self.until(lambda: not self.account.messages(), 'an empty queue')
        self.assertEqual(self.begun(), 'a')

    def test_a_message_that_comes_twice_before_it_is_answered_is_done_once(self):
        self.plan(['a'])
        token = self.account.token('twice')
        self.account.fail('put_object', 'SlowDown*')
        self.offer(0, token=token)
        self.offer(0, token=token)
        self.pod(self.gated())
        self.until(lambda: all(m['receipt'] for m in self.account.messages().values()), 'both messages in hand')
        self.until(lambda: len(self.account.calls('receive_message')) > 2, 'a third poll')
        self.account.fail('put_object')
        self.assertEqual(self.answered(token)['succeeded'], 1)
        self.until(lambda: not self.account.messages(), 'an empty queue')
        self.assertEqual(self.begun(), 'a')

    def test_two_pods_with_the_same_message_disturb_nobody(self):
        self.plan(['a', 'b'])
        project = self.gated()
        token = self.account.token('twice')
        self.offer(0, token=token)
        self.offer(0, token=token)
        self.pod(project)
        self.pod(project, name='other')
        self.in_b(2)
        self.open_gate()
        self.answered(token)
        self.until(lambda: not self.account.messages(), 'an empty queue')
        # Whoever was late is cut short.
        self.assertEqual(self.attempts(), {0: 1, 1: 1})
        self.assertEqual([record for record in self.records() if record['status'] == 'failed'], [])

    def test_trouble_with_the_cloud_is_waited_out(self):
        self.plan(['a', 'b'])
        self.open_gate()
        for method in ('receive_message', 'send_task_heartbeat', 'get_object', 'list_objects_v2', 'head_object'):
            self.account.fail(method, 'network', 'ThrottlingException', 'AccessDenied')
        self.account.fail('put_object', 'network', 'SlowDown', 'AccessDenied')
        self.account.fail('send_task_success', 'network', 'ThrottlingException', 'AccessDeniedException')
        self.account.fail('delete_message', 'network', 'AccessDenied')
        # A data file that may not be read is a failure of its own: not here.
        self.account.fail('head_object', 'network', 'SlowDown')
        token = self.offer(0)
        self.pod(self.gated())
        self.assertEqual(self.answered(token), {'batch': 0, 'succeeded': 2, 'failed': 0, 'notRun': 0})
        self.until(lambda: not self.account.messages(), 'an empty queue')
        self.assertEqual(len(self.records()), 2)

    def test_what_cannot_be_written_keeps_nobody_from_working(self):
        self.plan(['a'], ['c'])
        self.account.fail('put_object', 'SlowDown*')
        tokens = [self.offer(0), self.offer(1)]
        self.pod(self.gated())
        self.until(lambda: self.begun() == 'ac', 'both tasks')
        self.assertEqual([self.account.told(token)['output'] for token in tokens], [None, None])
        self.account.fail('put_object')
        for token in tokens:
            self.answered(token)
        self.assertEqual(len(self.records()), 2)

    def test_a_message_is_renewed_while_the_cloud_answers_nothing_else(self):
        self.plan(['b'])
        self.pod(self.gated(), pace={'visibility': 2})
        self.offer(0)
        self.in_b()
        for method in ('put_object', 'list_objects_v2', 'send_task_heartbeat'):
            self.account.fail(method, 'network*')
        self.account.fail('change_message_visibility', 'network', 'ThrottlingException')
        before = len(self.account.calls('change_message_visibility'))
        self.until(lambda: len(self.account.calls('change_message_visibility')) > before + 3, 'renewals')
        self.assertTrue(all(message['visible'] > time.time() for message in self.account.messages().values()))

    def test_a_deadline_of_an_earlier_execution_is_none(self):
        self.plan(['a'])
        self.account.put('bucket', 'runs/run/costs/run-0.json', json.dumps({'deadline': 1}))
        self.account.put('bucket', 'runs/run/costs/run-1.json', json.dumps({'deadline': time.time() + 3600}))
        self.pod(self.gated())
        self.assertEqual(self.answered(self.offer(0))['succeeded'], 1)

    def test_no_token_or_receipt_is_said(self):
        self.plan(['a'])
        self.open_gate()
        self.account.fail('send_task_success', 'network')
        self.account.fail('delete_message', 'network')
        pod = self.pod(self.gated())
        token = self.offer(0, token=self.account.token('SECRET-TOKEN'))
        self.answered(token)
        self.until(lambda: not self.account.messages(), 'an empty queue')
        pod.terminate()
        pod.wait()
        self.assertNotIn('SECRET-TOKEN', pod.log())
        shutil.rmtree(self.place)


if __name__ == '__main__':
    unittest.main()
