"""Data files that the feeder fetches, and what it says of them with a batch."""
import os
import unittest

from support import WorkerTest

SOURCE = '''
import os, signal
def entrypoint(curr_process_file, curr_process_column, data_file, data_bucket):
    if curr_process_column == 'crash' and not os.path.exists(data_file + '.crashed'):
        open(data_file + '.crashed', 'w').close()
        os.kill(os.getpid(), signal.SIGKILL)
    with open(data_file) as file:
        return {'file': curr_process_file, 'path': data_file, 'text': file.read()}
'''


class Fetched(WorkerTest):
    def setUp(self):
        self.root = self.folder('data')
        self.other = os.path.join(self.folder('elsewhere'), 'x')
        for path, text in ((os.path.join(self.root, 'a.csv'), 'of a'), (self.other, 'of x')):
            with open(path, 'w') as out:
                out.write(text)

    def run_batch(self, tasks, data, supervisor=None, number=0):
        supervisor = supervisor or self.supervisor(self.project(SOURCE), data_root=self.root, max_attempts=2)
        rows = [[index, 'id-%d' % index, file, column] for index, (file, column) in enumerate(tasks)]
        supervisor.send({'batch': number, 'tasks': rows, 'data': data})
        supervisor.until_batch(number)
        return supervisor

    def test_elsewhere_and_not_at_all(self):
        denied = {'error': 'AccessDenied', 'message': 'not allowed: s3:GetObject'}
        supervisor = self.run_batch(
            [('a.csv', None), ('../x', None), ('b.csv', None), ('a.csv', None)],
            {'../x': {'path': self.other}, 'b.csv': denied},
        )
        records = supervisor.records()
        self.assertEqual(records[0]['result']['text'], 'of a')
        self.assertEqual(records[1]['result'], {'file': '../x', 'path': self.other, 'text': 'of x'})
        error = records[2]['error']
        self.assertEqual((error['class'], error['type']), ('no-data', 'AccessDenied'))
        self.assertEqual(error['message'], 'The data file b.csv could not be fetched: not allowed: s3:GetObject')
        self.assertEqual(records[3]['result']['text'], 'of a')

    def test_looked_for_anew_in_each_batch(self):
        supervisor = self.run_batch([('a.csv', None)], {})
        self.assertIn('result', supervisor.records()[0])
        self.run_batch([('a.csv', None)], {'a.csv': {'error': 'NotFound', 'message': 'gone'}}, supervisor, 1)
        self.assertEqual(supervisor.records()[0]['error']['class'], 'no-data')
        self.run_batch([('a.csv', None)], {}, supervisor, 2)
        self.assertIn('result', supervisor.records()[0])

    def test_what_was_said_outlives_a_child(self):
        supervisor = self.run_batch([('../x', 'crash'), ('../x', None)], {'../x': {'path': self.other}})
        self.assertEqual([supervisor.records()[index]['result']['text'] for index in (0, 1)], ['of x', 'of x'])


if __name__ == '__main__':
    unittest.main()
