"""Files that tasks leave come to the bucket, each before the record that names it, and leave the pod's disk."""
import json
import os
import time
import unittest

from agent_test import AgentTest

WRITES = '''
    import time
    def entrypoint(curr_process_file, output_dir):
        with open(output_dir + '/out.txt', 'w') as file:
            file.write(curr_process_file * 10)
        with open('second.bin', 'wb') as file:
            file.write(bytes(%d))
        time.sleep(%r)
        return {'f': curr_process_file}
'''


class Outputs(AgentTest):
    def check(self, succeeded, size):
        """Each record names files that are there, with what its task has written."""
        for record in succeeded:
            self.assertEqual([path for path, _ in record['files']['list']], ['out.txt', 'second.bin'])
            for place, (_, length) in enumerate(record['files']['list']):
                key = 'runs/run/outputs/%s/%d' % (record['files']['at'], place)
                content = self.account.get('bucket', key)
                self.assertIsNotNone(content, key)
                self.assertEqual(len(content), length)
                expected = (record['result']['f'] * 10).encode() if place == 0 else bytes(size)
                self.assertEqual(content, expected)

    def kept(self, pod):
        """What the pod's disk has of them."""
        try:
            return os.listdir(os.path.join(pod.scratch, 'outputs'))
        except FileNotFoundError:
            return []

    def test_are_there_before_the_record_and_then_gone_from_the_disk(self):
        self.plan(['a', 'b', 'c'])
        pod = self.pod(self.project(WRITES % (5, 0)))
        self.answered(self.offer(0))
        self.assertEqual(len(self.records()), 3)
        self.check(self.records(), 5)
        keys = [call['key'] for call in self.account.calls('put_object')]
        for name, lines in self.parts().items():
            part = keys.index('runs/run/parts/1/' + name)
            for record in lines[1:]:
                self.assertLess(keys.index('runs/run/outputs/%s/1' % record['files']['at']), part)
        self.until(lambda: not self.kept(pod), 'an empty disk')
        for key in keys:
            self.assertRegex(key, '^runs/run/(parts|outputs|workers|logs)/')

    def test_trouble_with_a_file_keeps_its_record_back(self):
        self.plan(['a'])
        self.account.fail('put_object', *['SlowDown'] * 7)
        self.pod(self.project(WRITES % (5, 0)))
        self.answered(self.offer(0))
        self.check(self.records(), 5)

    def test_a_small_disk_holds_no_more_than_its_share(self):
        self.plan(['a', 'b', 'c', 'a', 'b', 'c'])
        # Room for an eighth of it: two tasks' files, and what comes before they are brought away.
        pod = self.pod(self.project(WRITES % (90000, 0)), pace={'flush': 300}, GCD_DISK_BYTES='1600000')
        self.answered(self.offer(0))
        self.check(self.records(), 90000)
        self.assertGreaterEqual(len(self.parts()), 2)
        self.until(lambda: not self.kept(pod), 'an empty disk')

    def test_killed_at_any_moment_the_files_are_those_of_the_records(self):
        names = ['f%d' % number for number in range(24)]
        self.files(**{name: name for name in names})
        self.config['maxAttempts'] = 100
        self.plan(names[:8], names[8:16], names[16:])
        project = self.project(WRITES % (7, 0.02))
        tokens = [self.offer(number) for number in range(3)]
        pod = self.pod(project, pace={'visibility': 2})
        for step in range(6):
            self.until(lambda: pod.ready(), 'a pod that is ready')
            time.sleep(0.04 * step)
            pod.kill()
            pod = self.pod(project, scratch=pod.scratch, pace={'visibility': 2})
        for token in tokens:
            self.answered(token)
        succeeded = [record for record in self.records() if record['status'] == 'succeeded']
        self.assertEqual({r['index']: r['result']['f'] for r in succeeded}, dict(enumerate(names)))
        self.check(succeeded, 7)
        self.until(lambda: not self.kept(pod), 'an empty disk')


if __name__ == '__main__':
    unittest.main()
