"""An agent that is killed or told to end: nothing is lost, and only the task that ran is struck."""
import json
import os
import shutil
import time
import unittest

from gated_test import GatedTest


class Ends(GatedTest):
    def test_a_container_that_is_killed_strikes_the_task_that_ran(self):
        self.plan(['a', 'b', 'c'])
        project = self.gated()
        pod = self.pod(project, pace={'flush': 3600})
        token = self.offer(0)
        self.in_b()
        self.noted(pod, 's0')
        pod.kill()
        # Nothing was in the bucket, and the message would have come back much later only.
        self.assertEqual(self.parts(), {})
        self.open_gate()
        again = self.pod(project, scratch=pod.scratch)
        self.assertEqual(self.answered(token), {'batch': 0, 'succeeded': 2, 'failed': 0, 'notRun': 0})
        self.assertEqual(self.attempts(), {0: 1, 1: 2, 2: 1})
        self.assertEqual(self.begun(), 'abbc')
        events = [line for lines in self.parts().values() for line in lines if line.get('event') == 'attempt']
        self.assertEqual([(e['index'], e['attempt'], e['class']) for e in events], [(1, 1, 'crash')])
        self.assertIn('killed in task id-1', again.log())

    def test_a_task_that_kills_its_container_each_time_is_given_up(self):
        self.config['maxAttempts'] = 2
        self.plan(['a', 'b', 'c'])
        project = self.gated()
        pod = self.pod(project, GCD_MEMORY_BYTES='%d' % (1 << 40))
        token = self.offer(0)
        for times in (1, 2):
            self.in_b(times)
            if times == 1:
                self.noted(pod, 's0')
            pod.kill()
            pod = self.pod(project, scratch=pod.scratch)
        self.assertEqual(self.answered(token), {'batch': 0, 'succeeded': 1, 'failed': 0, 'notRun': 0})
        self.assertEqual(self.attempts(), {0: 1, 2: 1})
        [failed] = [record for record in self.records() if record['status'] == 'failed']
        self.assertEqual((failed['index'], failed['attempt'], failed['error']['class']), (1, 2, 'crash'))
        [part] = [lines for lines in self.parts().values() if failed in lines]
        self.assertEqual((part[0]['event'], part[0]['worker']), ('worker', 'pod'))

    def test_a_container_that_used_all_its_memory_was_killed_for_it(self):
        self.config['maxAttempts'] = 1
        self.plan(['b'])
        project = self.gated()
        pod = self.pod(project, GCD_MEMORY_BYTES='%d' % (256 << 20))
        token = self.offer(0)
        self.in_b()
        pod.kill()
        self.note(pod, bytes=200 << 20)
        self.pod(project, scratch=pod.scratch, GCD_MEMORY_BYTES='%d' % (256 << 20))
        self.answered(token)
        [record] = self.records()
        self.assertEqual(record['error']['class'], 'out-of-memory')
        self.assertIn('200 MiB of its limit of 256 MiB', record['error']['message'])

    def test_a_container_that_the_kernel_killed_for_memory_need_not_have_used_much_before(self):
        # A child that takes all memory at once, on a node whose kernel ends whole containers.
        self.config['maxAttempts'] = 1
        self.plan(['b'])
        project = self.gated()
        limit = '%d' % (256 << 20)
        pod = self.pod(project, GCD_MEMORY_BYTES=limit)
        token = self.offer(0)
        self.in_b()
        pod.kill()
        self.note(pod, bytes=70 << 20, kills=-1)
        self.pod(project, scratch=pod.scratch, GCD_MEMORY_BYTES=limit)
        self.answered(token)
        [record] = self.records()
        self.assertEqual(record['error']['class'], 'out-of-memory')
        self.assertIn('The kernel killed the container for its memory', record['error']['message'])

    def test_a_kill_for_memory_before_the_machine_started_again_says_nothing(self):
        self.config['maxAttempts'] = 1
        self.plan(['b'])
        project = self.gated()
        pod = self.pod(project)
        token = self.offer(0)
        self.in_b()
        pod.kill()
        self.note(pod, bytes=70 << 20, kills=-1, boot='another')
        self.pod(project, scratch=pod.scratch)
        self.answered(token)
        [record] = self.records()
        self.assertEqual(record['error']['class'], 'crash')

    def note(self, pod, **changes):
        """Changes what the pod has noted of its memory."""
        path = os.path.join(pod.scratch, 'usage')
        with open(path) as file:
            note = json.load(file)
        with open(path, 'w') as file:
            json.dump(dict(note, **changes), file)

    def test_recovery_that_is_cut_begins_anew_and_strikes_once(self):
        self.plan(['a', 'b'])
        project = self.gated()
        pod = self.pod(project, pace={'flush': 3600})
        token = self.offer(0)
        self.in_b()
        pod.kill()
        self.account.fail('put_object', 'network*')
        cut = self.pod(project, scratch=pod.scratch)
        self.until(lambda: 'retrying' in cut.log(), 'a part that cannot be written')
        cut.kill()
        self.account.fail('put_object')
        self.open_gate()
        self.pod(project, scratch=pod.scratch)
        self.answered(token)
        self.assertEqual(self.attempts(), {0: 1, 1: 2})

    def test_a_container_that_is_killed_while_idle_strikes_nobody(self):
        self.plan(['a'], ['c'])
        project = self.gated()
        pod = self.pod(project)
        self.answered(self.offer(0))
        self.until(lambda: not self.account.messages(), 'an empty queue')
        pod.kill()
        self.pod(project, scratch=pod.scratch)
        self.assertEqual(self.answered(self.offer(1))['succeeded'], 1)
        self.assertEqual(self.attempts(), {0: 1, 1: 1})

    def test_a_container_that_is_killed_while_the_project_is_imported_strikes_nobody(self):
        self.plan(['a', 'c'])
        source = '''
            import os, time
            with open(%(count)r, 'a') as file:
                file.write('i')
            while os.path.exists(%(count)r + '.crashed') and not os.path.exists(%(gate)r):
                time.sleep(0.01)
            def entrypoint(curr_process_file, attempt):
                if curr_process_file == 'a' and attempt == 1:
                    open(%(count)r + '.crashed', 'w').close()
                    os._exit(3)
                return {'attempt': attempt}
        '''
        project = self.project(source % {'gate': self.gate, 'count': self.count})
        pod = self.pod(project)
        token = self.offer(0)
        self.until(lambda: self.begun() == 'ii', 'the second import')
        self.until(lambda: any('attempt' == line.get('event') for part in self.parts().values() for line in part), 'a part')
        pod.kill()
        self.open_gate()
        self.pod(project, scratch=pod.scratch)
        self.answered(token)
        self.assertEqual(self.attempts(), {0: 2, 1: 1})

    def test_another_pod_takes_over_what_a_lost_one_had(self):
        self.plan(['a', 'b', 'c'])
        project = self.gated()
        pod = self.pod(project, pace={'visibility': 3})
        token = self.offer(0)
        self.in_b()
        self.until(lambda: len(self.records()) == 1, 'the record of a')
        pod.kill()
        self.open_gate()
        self.pod(project, name='other')
        self.assertEqual(self.answered(token), {'batch': 0, 'succeeded': 2, 'failed': 0, 'notRun': 0})
        self.assertEqual(self.begun(), 'abbc')
        self.assertEqual(len(self.records()), 3)

    def test_killed_at_any_moment_each_task_has_one_row(self):
        names = ['f%d' % number for number in range(24)]
        self.files(**{name: name for name in names})
        self.plan(names[:8], names[8:16], names[16:])
        source = 'import time\ndef entrypoint(curr_process_file):\n    time.sleep(0.02)\n    return {"f": curr_process_file}\n'
        project = self.project(source)
        self.config['maxAttempts'] = 100
        self.plan(names[:8], names[8:16], names[16:])
        del self.batches[:3]
        tokens = [self.offer(number) for number in range(3)]
        pod = self.pod(project, pace={'visibility': 2})
        for step in range(6):
            self.until(lambda: pod.ready(), 'a pod that is ready')
            time.sleep(0.04 * step)
            pod.kill()
            pod = self.pod(project, scratch=pod.scratch, pace={'visibility': 2})
        for token in tokens:
            self.answered(token)
        succeeded = {r['index']: r['result']['f'] for r in self.records() if r['status'] == 'succeeded'}
        self.assertEqual(succeeded, dict(enumerate(names)))
        self.assertEqual([r for r in self.records() if r['status'] == 'failed'], [])

    def test_told_to_end_lets_the_task_end_and_gives_the_message_back(self):
        self.plan(['a', 'b', 'c'])
        project = self.gated()
        pod = self.pod(project, pace={'flush': 3600})
        token = self.offer(0)
        self.in_b()
        pod.terminate()
        self.until(lambda: 'SIGTERM' in pod.log(), 'the signal')
        self.open_gate()
        self.assertEqual(pod.wait(), 143)
        self.assertEqual(self.attempts(), {0: 1, 1: 1})
        self.assertIsNone(self.account.told(token)['output'])
        [message] = self.account.messages().values()
        self.assertLessEqual(message['visible'], time.time())
        self.pod(project, name='other')
        self.assertEqual(self.answered(token)['succeeded'], 1)
        self.assertEqual(self.attempts(), {0: 1, 1: 1, 2: 1})

    def test_told_to_end_a_task_that_takes_too_long_is_cut_and_not_struck(self):
        self.plan(['a', 'b'])
        project = self.gated()
        pod = self.pod(project, pace={'flush': 3600, 'grace': 3, 'margin': 2})
        token = self.offer(0)
        self.in_b()
        pod.terminate()
        self.assertEqual(pod.wait(), 143)
        self.assertEqual(self.attempts(), {0: 1})
        self.open_gate()
        self.pod(project, name='other')
        self.answered(token)
        self.assertEqual(self.attempts(), {0: 1, 1: 1})

    def test_told_to_end_while_idle(self):
        self.plan(['a'])
        pod = self.pod(self.gated())
        self.until(lambda: self.account.calls('receive_message'), 'a poll')
        pod.terminate()
        self.assertEqual(pod.wait(), 143)

    def test_a_batch_that_is_through_when_told_to_end_is_answered(self):
        self.plan(['b'])
        pod = self.pod(self.gated())
        token = self.offer(0)
        self.in_b()
        pod.terminate()
        self.until(lambda: 'SIGTERM' in pod.log(), 'the signal')
        self.open_gate()
        self.assertEqual(pod.wait(), 143)
        self.assertEqual(self.account.told(token)['output']['succeeded'], 1)
        self.assertEqual(self.account.messages(), {})

    def test_a_supervisor_that_is_killed_is_replaced_and_its_task_struck(self):
        self.plan(['a', 'b', 'c'])
        pod = self.pod(self.gated())
        token = self.offer(0)
        self.in_b()
        self.noted(pod, 's0')
        for pid in pod.descendants():
            try:
                os.kill(pid, 9)
            except ProcessLookupError:
                pass
        self.open_gate()
        self.assertEqual(self.answered(token), {'batch': 0, 'succeeded': 3, 'failed': 0, 'notRun': 0})
        self.assertEqual(self.attempts(), {0: 1, 1: 2, 2: 1})

    def test_a_task_that_takes_more_memory_than_there_is_fails_alone(self):
        self.config['maxAttempts'] = 1
        self.plan(['a', 'b', 'c'])
        source = '''
            import time
            def entrypoint(curr_process_file):
                if curr_process_file == 'b':
                    taken = bytearray(600 << 20)
                    for at in range(0, len(taken), 4096):
                        taken[at] = 1
                    time.sleep(60)
                return {}
        '''
        pod = self.pod(self.project(source), GCD_MEMORY_BYTES=str(512 << 20))
        self.assertEqual(self.answered(self.offer(0)), {'batch': 0, 'succeeded': 2, 'failed': 1, 'notRun': 0})
        [failed] = [record for record in self.records() if record['status'] == 'failed']
        self.assertEqual(failed['error']['class'], 'out-of-memory')
        self.assertIsNone(pod.process.poll())

    def test_a_crashed_worker_is_told_apart_in_the_parts(self):
        self.config['maxAttempts'] = 1
        self.plan(['a', 'b', 'c'])
        source = 'import os\ndef entrypoint(curr_process_file):\n    os.kill(os.getpid(), 11) if curr_process_file == "b" else 0\n    return {"pid": os.getpid()}\n'
        self.pod(self.project(source))
        self.assertEqual(self.answered(self.offer(0)), {'batch': 0, 'succeeded': 2, 'failed': 1, 'notRun': 0})
        for lines in self.parts().values():
            worker = None
            for line in lines:
                if line.get('event') == 'worker':
                    worker = line['pid']
                elif line.get('status') == 'succeeded':
                    self.assertEqual(line['result']['pid'], worker)

    def test_a_disk_that_takes_nothing_ends_the_container_with_its_reason(self):
        self.plan(['b'])
        pod = self.pod(self.gated())
        self.offer(0)
        self.in_b()
        shutil.rmtree(os.path.join(pod.scratch, 'parts'))
        self.open_gate()
        self.assertEqual(pod.wait(), 1)
        self.assertIn('FileNotFoundError', pod.last_words())


if __name__ == '__main__':
    unittest.main()
