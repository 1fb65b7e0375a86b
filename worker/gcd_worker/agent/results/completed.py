"""The tasks of a batch that have a record, from any pod."""
from ...protocol.records import head_of, record_of


def read_completed(cloud, environment, repetition, batch, tasks):
    """({index: 's' or 'f'}, {index: failed attempts}), from all parts of the batch.

    Damaged lines do not count, nor records of another task than the batch has under this index: gathering does not read
    them either (core/run-store/records/part-line.ts has the same rules).
    """
    ids = {task[0]: task[1] for task in tasks}
    ended, attempts = {}, {}
    for key in cloud.keys(environment.key('parts/%d/%d-' % (repetition, batch))):
        *lines, _torn = cloud.read(key).split(b'\n')
        for line in lines:
            head = head_of(line)
            if head is None:
                continue
            kind, index = head
            if kind == 'a':
                attempts[index] = attempts.get(index, 0) + 1
            elif ended.get(index) != 's' and record_of(line) == ids.get(index):
                ended[index] = kind
    return ended, attempts


def without_completed(tasks, ended, attempts):
    """The tasks without a record, with their failed attempts."""
    left = []
    for task in tasks:
        if task[0] not in ended:
            counted = max(task[4] if len(task) > 4 else 0, attempts.get(task[0], 0))
            left.append(task[:4] + ([counted] if counted else []))
    return left
