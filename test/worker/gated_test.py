"""Tests of agents with a project that waits till it is told to go on."""
import os

from agent_test import AgentTest

# Waits in the file `b` till the file GATE is there; counts how often it began.
GATED = '''
    import os, time
    def entrypoint(curr_process_file, attempt):
        with open(%(count)r, 'a') as file:
            file.write(curr_process_file)
        while curr_process_file == 'b' and not os.path.exists(%(gate)r):
            time.sleep(0.01)
        return {'attempt': attempt}
'''


class GatedTest(AgentTest):
    """Its project counts the tasks that begin, and waits in that of the file `b`."""

    def setUp(self):
        super().setUp()
        self.place = self.folder()
        self.gate, self.count = os.path.join(self.place, 'gate'), os.path.join(self.place, 'count')

    def gated(self):
        """A project of GATED."""
        return self.project(GATED % {'gate': self.gate, 'count': self.count})

    def open_gate(self):
        open(self.gate, 'w').close()

    def begun(self):
        """The files of the tasks that began, in order."""
        if not os.path.exists(self.count):
            return ''
        with open(self.count) as file:
            return file.read()

    def in_b(self, times=1):
        """Waits till the task of `b` has begun so often."""
        self.until(lambda: self.begun().count('b') == times, 'the task of b')

    def noted(self, pod, mark):
        """Waits till the pod has a record on its disk."""
        path = os.path.join(pod.scratch, 'journal')

        def there():
            with open(path) as file:
                return mark in file.read().split('\n')

        self.until(there, 'a record on the disk')

    def attempts(self, repetition=1):
        """Attempt of each successful task."""
        return {r['index']: r['attempt'] for r in self.records(repetition) if r['status'] == 'succeeded'}
