"""Data files of the bucket, fetched by the agent."""
import os
import sys
import unittest
from collections import namedtuple
from unittest import mock

from agent_test import AgentTest
from support import MAIN

sys.path.insert(0, os.path.dirname(os.path.dirname(MAIN)))
from gcd_worker.agent.request import data_limit  # noqa: E402

Disk = namedtuple('Disk', 'total used free')


class Data(AgentTest):
    def run_batch(self, source, files):
        self.plan(files)
        pod = self.pod(self.project(source))
        return pod, self.answered(self.offer(0))

    READ = '''
        import os
        def entrypoint(data_file, curr_process_file):
            with open(data_file, 'rb') as file:
                return {'size': len(file.read()), 'name': os.path.basename(data_file)}
    '''

    def test_a_file_that_is_not_there_fails_its_tasks_only(self):
        _, outcome = self.run_batch(self.READ, ['a', 'nowhere', 'b'])
        self.assertEqual(outcome, {'batch': 0, 'succeeded': 2, 'failed': 1, 'notRun': 0})
        [failed] = [record for record in self.records() if record['status'] == 'failed']
        self.assertEqual((failed['index'], failed['error']['class'], failed['error']['type']), (1, 'no-data', 'NotFound'))
        self.assertIn('s3://data/nowhere', failed['error']['message'])

    def test_a_file_that_may_not_be_read_says_so(self):
        self.account.fail('head_object', 'AccessDenied')
        _, outcome = self.run_batch(self.READ, ['a'])
        self.assertEqual(outcome['failed'], 1)
        self.assertEqual(self.records()[0]['error']['type'], 'AccessDenied')

    def test_odd_keys_have_a_place_too(self):
        odd = ['../up', '/root', 'x//y', 'x', 'x/y', './z', 'ü/ü.csv', 'l' * 300 + '.csv', 'end/']
        self.files(**{key: key for key in odd})
        pod, outcome = self.run_batch(self.READ, odd)
        self.assertEqual(outcome['succeeded'], len(odd), self.records())
        sizes = {record['index']: record['result']['size'] for record in self.records()}
        self.assertEqual(sizes, {index: len(key.encode()) for index, key in enumerate(odd)})
        names = {record['index']: record['result']['name'] for record in self.records()}
        self.assertEqual(names[6], 'ü.csv')
        self.assertTrue(names[7].endswith('.csv'))

    def test_copied_data_has_the_names_of_its_folder(self):
        self.config['dataBucket'] = {'kind': 's3', 'bucket': 'bucket', 'prefix': 'data/p-1/%s/' % ('0' * 64)}
        keys = ['data/p-1/objects/%s/%s' % (digit * 64, name) for digit, name in (('a', 'a.csv'), ('b', 'sub/ü.csv'))]
        for key in keys:
            self.account.put('bucket', key, key[-6:])
        source = '''
            import os
            def entrypoint(data_bucket, curr_process_file, data_file):
                with open(os.path.join(data_bucket, curr_process_file)) as file:
                    return {'file': curr_process_file, 'text': file.read(), 'same': os.path.samefile(file.name, data_file)}
        '''
        _, outcome = self.run_batch(source, keys + ['data/p-1/objects/%s/gone.csv' % ('c' * 64)])
        records = {record['index']: record for record in self.records()}
        self.assertEqual(outcome['succeeded'], 2, records)
        self.assertEqual(records[0]['result'], {'file': 'a.csv', 'text': '/a.csv', 'same': True})
        self.assertEqual(records[1]['result'], {'file': 'sub/ü.csv', 'text': '/ü.csv', 'same': True})
        self.assertIn('The data file gone.csv', records[2]['error']['message'])

    def test_copied_tables_are_read_as_those_of_the_folder(self):
        self.config['dataBucket'] = {'kind': 's3', 'bucket': 'bucket', 'prefix': 'data/p-1/%s/' % ('0' * 64)}
        keys = ['data/p-1/objects/%s/%s.csv' % (name * 64, name) for name in 'ab']
        for key in keys:
            self.account.put('bucket', key, 'x')
        self.plan(keys, tables=[{'all': [{'sep': ';'}, {'sep': '|'}], 'of': {keys[1]: 1}}])
        self.pod(self.project('def entrypoint(table): return table'))
        self.answered(self.offer(0))
        read = {record['index']: record['result']['sep'] for record in self.records()}
        self.assertEqual(read, {0: ';', 1: '|'})

    def test_a_file_is_fetched_once_for_the_tasks_that_follow(self):
        _, outcome = self.run_batch(self.READ, [('a', 'x'), ('a', 'y'), ('b', 'x'), ('a', 'z')])
        self.assertEqual(outcome['succeeded'], 4)
        fetched = [call['key'] for call in self.account.calls('get_object') if call['key'] in 'ab']
        self.assertEqual(sorted(fetched), ['a', 'b'])

    def test_files_stay_for_the_next_batch(self):
        self.plan(['a'], ['a'])
        self.pod(self.project(self.READ))
        for number in (0, 1):
            self.answered(self.offer(number))
        self.assertEqual(len([call for call in self.account.calls('get_object') if call['key'] == 'a']), 1)

    def test_the_disk_holds_no_more_than_its_limit(self):
        names = ['f%d' % number for number in range(30)]
        self.files(**{name: 'x' * 1000 for name in names})
        self.config['dataCacheBytes'] = 4000
        source = '''
            import os, time
            def entrypoint(data_file):
                time.sleep(0.01)
                folder = os.path.dirname(data_file)
                return {'bytes': sum(os.path.getsize(os.path.join(folder, name)) for name in os.listdir(folder))}
        '''
        _, outcome = self.run_batch(source, names)
        self.assertEqual(outcome['succeeded'], 30, self.records())
        self.assertLessEqual(max(record['result']['bytes'] for record in self.records()), 4000)

    def test_files_larger_than_the_limit_come_one_at_a_time(self):
        names = ['big1', 'small', 'big2', 'big3']
        self.files(big1='x' * 5000, small='x', big2='x' * 6000, big3='x' * 7000)
        self.config['dataCacheBytes'] = 1000
        _, outcome = self.run_batch(self.READ, names)
        self.assertEqual(outcome['succeeded'], 4)

    def asked(self):
        """How data files were asked for, and everything else of S3."""
        calls = self.account.calls('head_object') + self.account.calls('get_object')
        how = {True: set(), False: set()}
        for call in calls:
            how[call['bucket'] == 'data'].add((call['payer'], call['signed']))
        return how[True], how[False]

    def test_data_that_its_reader_pays_for(self):
        self.config['dataAccess'] = {'requesterPays': True}
        self.assertEqual(self.run_batch(self.READ, ['a', 'b'])[1]['succeeded'], 2)
        self.assertEqual(self.asked(), ({('requester', True)}, {(None, True)}))

    def test_data_that_is_read_as_nobody(self):
        self.config['dataAccess'] = {'unsigned': True}
        self.assertEqual(self.run_batch(self.READ, ['a', 'b'])[1]['succeeded'], 2)
        self.assertEqual(self.asked(), ({(None, False)}, {(None, True)}))

    def test_the_next_file_is_fetched_while_a_task_runs(self):
        gate = os.path.join(self.folder(), 'gate')
        source = '''
            import os, time
            def entrypoint(curr_process_file):
                while curr_process_file == 'a' and not os.path.exists(%r):
                    time.sleep(0.01)
                return {}
        '''
        self.plan(['a', 'b'])
        self.pod(self.project(source % gate))
        token = self.offer(0)
        self.until(lambda: any(call['key'] == 'b' for call in self.account.calls('get_object')), 'the second file')
        open(gate, 'w').close()
        self.answered(token)


class Share(unittest.TestCase):
    """What a pod may keep, of a disk that its node's other workers use, too."""

    def limit(self, workers, free, disk=None, **config):
        request = {'config': config, 'target': {'workersPerNode': workers}}
        with mock.patch('shutil.disk_usage', return_value=Disk(30 << 30, (30 << 30) - free, free)):
            return data_limit(request, '/anywhere', disk)

    def test_workers_of_a_node_take_no_more_than_half_of_its_disk_together(self):
        for workers in (1, 2, 8, 96):
            self.assertLessEqual(workers * self.limit(workers, 22 << 30), 11 << 30, workers)
            self.assertGreaterEqual(workers * self.limit(workers, 22 << 30), 10 << 30, workers)

    def test_a_cache_that_config_yaml_asks_for_is_shared_by_the_workers_of_a_node(self):
        self.assertEqual(self.limit(4, 100 << 30, dataCacheBytes=8 << 30), 2 << 30)

    def test_none_takes_all_that_its_pod_may_write(self):
        self.assertEqual(self.limit(1, 100 << 30, disk=8 << 30, dataCacheBytes=20 << 30), 4 << 30)
        self.assertEqual(self.limit(1, 100 << 30, disk=8 << 30), 4 << 30)


if __name__ == '__main__':
    unittest.main()
