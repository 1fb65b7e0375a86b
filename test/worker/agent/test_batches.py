"""What an agent does when all is well."""
import json
import os
import unittest

from agent_test import AgentTest

READ = '''
    def entrypoint(curr_process_file, data_file, **rest):
        with open(data_file) as file:
            return {'file': curr_process_file, 'value': file.read().strip()}
'''


def record(index):
    """Of a task that succeeded."""
    times = {'start': 1, 'end': 2, 'cpu': 0, 'memory': 0}
    return {'status': 'succeeded', 'index': index, 'task': 'id-%d' % index, 'attempt': 1, **times, 'result': {}}


class Agent(AgentTest):
    def test_works_batches_off_and_answers_them(self):
        self.plan(['a', 'b'], [('c', 'x'), ('c', 'y')])
        pod = self.pod(self.project(READ))
        tokens = [self.offer(0), self.offer(1)]
        self.assertEqual(self.answered(tokens[0]), {'batch': 0, 'succeeded': 2, 'failed': 0, 'notRun': 0})
        self.assertEqual(self.answered(tokens[1]), {'batch': 1, 'succeeded': 2, 'failed': 0, 'notRun': 0})
        self.until(lambda: not self.account.messages(), 'an empty queue')
        results = {record['index']: record['result'] for record in self.records()}
        expected = [('a', '1'), ('b', '2'), ('c', '3'), ('c', '3')]
        self.assertEqual(results, {i: {'file': file, 'value': value} for i, (file, value) in enumerate(expected)})
        for name, lines in self.parts().items():
            self.assertRegex(name, r'^[01]-run-1-pod-\d+\.jsonl$')
            self.assertEqual((lines[0]['event'], lines[0]['worker'], lines[0]['node']), ('worker', 'pod', 'node-1'))
        self.assertTrue(pod.ready())
        # A batch that is answered is durable: its parts are written before.
        with open(self.account.path('calls')) as file:
            calls = [json.loads(line) for line in file]
        mine = [c for c in calls if c.get('token') == tokens[0] or c.get('key', '').startswith('runs/run/parts/1/0-')]
        methods = [call['method'] for call in mine]
        self.assertLess(methods.index('put_object'), methods.index('send_task_success'))
        self.assertEqual(methods[0], 'send_task_heartbeat')

    def test_is_ready_only_when_the_project_is_imported(self):
        self.plan(['a'])
        gate = os.path.join(self.folder(), 'gate')
        pod = self.pod(
            self.project(
                '''
                import os, time
                while not os.path.exists(%r):
                    time.sleep(0.01)
                def entrypoint():
                    return {}
                '''
                % gate
            )
        )
        token = self.offer(0)
        self.until(lambda: self.state() and self.state()['state'] == 'starting', 'its state')
        self.assertFalse(pod.ready())
        self.assertEqual(self.account.calls('receive_message'), [])
        open(gate, 'w').close()
        self.answered(token)
        self.assertTrue(pod.ready())

    def test_gives_the_arguments_without_credentials(self):
        self.config.update(solverName='MOSEK', region='us-west-2', env={'MINE': 'yes'})
        self.plan(['a'])
        source = '''
            import os
            def entrypoint(**given):
                given.pop('data_file')
                return dict(given, mine=os.environ['MINE'])
        '''
        pod = self.pod(self.project(source))
        self.answered(self.offer(0))
        [record] = self.records()
        expected = {'data_bucket': 'data', 'curr_process_file': 'a', 'curr_process_column': None, 'mine': 'yes'}
        expected.update(aws_access_key=None, aws_secret_access_key=None, aws_region='us-west-2')
        expected.update(solver_name='MOSEK', solver_file=None, table=None, task_id='id-0', attempt=1)
        expected.update(output_dir=os.path.join(pod.scratch, 'working-directory'))
        self.assertEqual(record['result'], expected)

    def test_says_how_pandas_reads_each_file(self):
        self.plan(['a', 'b'], ['c'], tables=[{'all': [{'sep': ';'}, {}], 'of': {'b': 1}}, None])
        self.pod(self.project('def entrypoint(table):\n    return {"table": table}\n'))
        self.answered(self.offer(0))
        self.answered(self.offer(1))
        self.assertEqual([record['result']['table'] for record in self.records()], [{'sep': ';'}, {}, None])

    def test_puts_the_licence_where_only_its_user_reads_it(self):
        target = os.path.join(self.folder(), 'mosek')
        self.config.update(solverLicenceFile='/home/me/mosek.lic', solverLicenceTarget=target)
        self.account.put('bucket', 'licences/run', 'SECRET-LINE')
        self.plan(['a'])
        source = '''
            import os
            def entrypoint(solver_file):
                with open(solver_file) as file:
                    text = file.read()
                mode = oct(os.stat(solver_file).st_mode & 0o777)
                return {'same': text == 'SECRET-LINE', 'mode': mode, 'found': os.environ['MOSEKLM_LICENSE_FILE']}
        '''
        pod = self.pod(self.project(source), GCD_LICENCE_TARGET=target)
        self.answered(self.offer(0))
        [record] = self.records()
        self.assertEqual(record['result'], {'same': True, 'mode': '0o600', 'found': os.path.join(target, 'mosek.lic')})
        pod.terminate()
        pod.wait()
        self.assertNotIn('SECRET', pod.log())
        for key in self.account.keys('bucket', 'runs/'):
            self.assertNotIn(b'SECRET', self.account.get('bucket', key), key)

    def test_a_licence_that_is_not_there_ends_the_pod(self):
        self.config.update(solverLicenceFile='/home/me/mosek.lic')
        self.plan(['a'])
        pod = self.pod(self.project(READ), GCD_LICENCE_TARGET=os.path.join(self.folder(), 'mosek'))
        self.assertEqual(pod.wait(), 2)
        self.assertIn('licence', pod.last_words())

    def test_refuses_to_work_with_the_permissions_of_its_node(self):
        self.plan(['a'])
        for more in ({'GCD_CREDENTIALS': ''}, {'AWS_ENDPOINT_URL': ''}):
            pod = self.pod(self.project(READ), **more)
            self.assertEqual(pod.wait(), 2)
            self.assertIn('AWS_CONTAINER_CREDENTIALS_FULL_URI', pod.last_words())
        self.assertEqual(self.account.calls('get_object'), [])

    def test_an_invalid_project_ends_the_pod_with_its_reason(self):
        self.plan(['a'])
        self.offer(0)
        pod = self.pod(self.project('import nothing_like_this\ndef entrypoint(): pass\n'))
        self.assertEqual(pod.wait(), 2)
        self.assertIn('nothing_like_this', pod.last_words())
        self.assertFalse(pod.ready())
        self.assertEqual(self.account.calls('receive_message'), [])

    def test_ends_well_when_its_queue_is_gone(self):
        self.plan(['a'])
        self.account.fail('receive_message', 'AWS.SimpleQueueService.NonExistentQueue*')
        self.assertEqual(self.pod(self.project(READ)).wait(), 0)

    def test_a_queue_that_is_not_seen_for_a_moment_is_no_end(self):
        self.plan(['a'])
        self.account.fail('receive_message', *['AWS.SimpleQueueService.NonExistentQueue'] * 2)
        self.pod(self.project(READ))
        self.assertEqual(self.answered(self.offer(0))['succeeded'], 1)

    def test_skips_what_is_done_and_counts_attempts(self):
        self.plan(['a', 'b', 'c'])
        done = record(0)
        attempt = {'event': 'attempt', 'index': 1, 'task': 'id-1', 'attempt': 1, 'class': 'crash', 'message': ''}
        dumped = [json.dumps(line, separators=(',', ':')) for line in (done, attempt)]
        self.account.put('bucket', 'runs/run/parts/1/0-run-0-other-1.jsonl', '\n'.join(dumped) + '\n{"status":"su')
        # Of another batch, whose number begins alike.
        wrong = dict(done, index=2)
        text = json.dumps(wrong, separators=(',', ':')) + '\n'
        self.account.put('bucket', 'runs/run/parts/1/01-run-0-other-1.jsonl', text)
        self.pod(self.project('def entrypoint(attempt):\n    return {"attempt": attempt}\n'))
        self.assertEqual(self.answered(self.offer(0)), {'batch': 0, 'succeeded': 2, 'failed': 0, 'notRun': 0})
        self.account.put('bucket', 'runs/run/parts/1/0-run-0-other-1.jsonl', '')
        found = {r['index']: r['result']['attempt'] for r in self.records() if 'attempt' in r.get('result', {})}
        self.assertEqual(found, {1: 2, 2: 1})

    def test_does_again_what_gathering_could_not_read(self):
        self.plan(['a', 'b', 'c'])
        good, damaged = (json.dumps(record(index), separators=(',', ':')) for index in (0, 1))
        lines = [
            good,
            damaged.replace('"attempt"', '"attemqt"'),
            damaged.replace('"result":{}', '"result":[1]'),
            damaged.replace('"result":{}', '"result":{]'),
            # Of another task than the batch has under this index.
            json.dumps(dict(record(2), task='id-1'), separators=(',', ':')),
        ]
        self.account.put('bucket', 'runs/run/parts/1/0-run-0-other-1.jsonl', '\n'.join(lines) + '\n')
        self.pod(self.project('def entrypoint():\n    return {}\n'))
        self.assertEqual(self.answered(self.offer(0)), {'batch': 0, 'succeeded': 2, 'failed': 0, 'notRun': 0})

    def test_batches_of_another_repetition_are_not_done(self):
        self.plan(['a'])
        self.pod(self.project(READ))
        self.answered(self.offer(0))
        self.assertEqual(self.answered(self.offer(0, repetition=2))['succeeded'], 1)
        self.assertEqual([len(self.records(1)), len(self.records(2))], [1, 1])

    def test_tells_what_it_is_doing(self):
        self.plan(['a'])
        gate = os.path.join(self.folder(), 'gate')
        source = '''
            import os, time
            def entrypoint():
                print('hello from the task', flush=True)
                while not os.path.exists(%r):
                    time.sleep(0.01)
                return {}
        '''
        self.pod(self.project(source % gate), GCD_MEMORY_BYTES=str(1 << 30))
        token = self.offer(0)
        working = self.until(lambda: (self.state() or {}).get('task') and self.state(), 'a task in its state')
        self.assertEqual(working['task'], [0, 'id-0', 'a', None])
        self.assertEqual((working['state'], working['batch'], working['repetition']), ('working', 0, 1))
        self.assertEqual((working['worker'], working['node'], working['execution']), ('pod', 'node-1', 'run-1'))
        self.assertGreater(working['memory'], 1 << 20)
        self.assertEqual(working['memoryLimit'], 1 << 30)
        log = self.until(lambda: self.account.get('bucket', 'runs/run/logs/pod.jsonl'), 'its log')
        line = json.loads(log.decode().split('\n')[0])
        self.assertEqual((line['task'], line['text']), ('id-0', 'hello from the task\n'))
        open(gate, 'w').close()
        self.answered(token)
        self.until(lambda: self.state()['state'] == 'idle' and self.state()['succeeded'] == 1, 'the end of it')

    def test_writes_records_before_the_batch_ends(self):
        self.plan(['a', 'b'])
        gate = os.path.join(self.folder(), 'gate')
        source = '''
            import os, time
            def entrypoint(curr_process_file):
                while curr_process_file == 'b' and not os.path.exists(%r):
                    time.sleep(0.01)
                return {}
        '''
        self.pod(self.project(source % gate))
        token = self.offer(0)
        self.until(lambda: len(self.records()) == 1, 'the first record')
        self.assertIsNone(self.account.told(token)['output'])
        open(gate, 'w').close()
        self.answered(token)

    def test_a_part_is_no_larger_than_it_should_be(self):
        self.plan(['a', 'b', 'c'])
        self.pod(self.project('def entrypoint():\n    return {"text": "x" * 5000000}\n'), pace={'flush': 3600})
        self.answered(self.offer(0))
        self.assertEqual(sorted(len(lines) for lines in self.parts().values()), [2, 3])

    def test_a_message_of_another_execution_is_removed(self):
        self.plan(['a'])
        self.account.send('no json')
        self.account.send(json.dumps({'run': 'other', 'execution': 'other-1'}))
        self.pod(self.project(READ))
        self.answered(self.offer(0))
        self.until(lambda: not self.account.messages(), 'an empty queue')


if __name__ == '__main__':
    unittest.main()
