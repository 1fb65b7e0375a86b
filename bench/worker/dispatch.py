"""How many no-op tasks a second do one and two supervisors run, against multiprocessing.Pool, in the same run?

    python3 bench/worker/dispatch.py [--tasks 200000] [--repeat 5]

A round measures each way once, in turn, so that what else the machine does touches all alike; the medians of the
rounds, and the median of the rounds' ratios, are printed. The time is from the first task handed out to the last
result received, with the workers already started, and every record counted.
"""
import argparse
import json
import multiprocessing
import os
import select
import statistics
import subprocess
import sys
import tempfile
import time

MAIN = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'worker', 'gcd_worker', '__main__.py')
BATCH = 500
ENTRYPOINT = """
import os


def entrypoint(data_bucket, curr_process_file, curr_process_column, **_):
    return {"value": 0, "worker": os.getpid()}
"""


def noop(task):
    """What the pool runs: the same function, with the same arguments."""
    return {'value': 0, 'worker': os.getpid()}


def pool(count):
    """Seconds for `count` tasks by multiprocessing.Pool(2).imap_unordered(chunksize=1)."""
    with multiprocessing.get_context('fork').Pool(2) as workers:
        workers.map(noop, range(100))
        begin = time.monotonic()
        done = sum(1 for _ in workers.imap_unordered(noop, range(count), chunksize=1))
        assert done == count
        return time.monotonic() - begin


def start(project):
    """A supervisor that has said that its child is ready."""
    settings = {
        'project': project, 'worker': 'bench', 'node': 'bench', 'data_root': None, 'arguments': {'data_bucket': 'b'},
        'task_timeout': 60, 'max_attempts': 3, 'retry_exceptions': 1, 'memory': None, 'keep_output': False,
        'environment': {},
    }
    process = subprocess.Popen([sys.executable, MAIN, 'supervise'], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
    process.stdin.write(json.dumps(settings).encode() + b'\n')
    ready = process.stdout.read(1 << 16)
    assert ready.startswith(b'{"event":"worker"'), ready
    return process


def supervisors(number, count, project):
    """Seconds for `count` tasks by so many supervisors, each fed two batches ahead."""
    processes = [start(project) for _ in range(number)]
    batches = [
        json.dumps(
            {'batch': batch, 'tasks': [[i, '%016x' % i, 'data/file-%d.csv' % i, 'Power'] for i in range(at, at + BATCH)]},
            separators=(',', ':'),
        ).encode() + b'\n'
        for batch, at in enumerate(range(0, count, BATCH))
    ][::-1]
    by_descriptor = {process.stdout.fileno(): process for process in processes}
    poll = select.poll()
    for descriptor in by_descriptor:
        poll.register(descriptor, select.POLLIN)
    begin = time.monotonic()
    for process in processes * 3:
        if batches:
            process.stdin.write(batches.pop())
    lines = ended = 0
    expected = count // BATCH
    tails = dict.fromkeys(by_descriptor, b'')
    while ended < expected:
        for descriptor, _ in poll.poll():
            data = tails[descriptor] + os.read(descriptor, 1 << 20)
            cut = data.rfind(b'\n') + 1
            data, tails[descriptor] = data[:cut], data[cut:]
            lines += data.count(b'\n')
            events = data.count(b'{"event":"batch"')
            ended += events
            for _ in range(events):
                if batches:
                    by_descriptor[descriptor].stdin.write(batches.pop())
    seconds = time.monotonic() - begin
    assert lines == count + expected, (lines, count, expected)
    for process in processes:
        process.stdin.close()
        process.wait()
        process.stdout.close()
    return seconds


def main():
    """Runs the rounds and prints them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--tasks', type=int, default=200_000)
    parser.add_argument('--repeat', type=int, default=5)
    options = parser.parse_args()
    count = options.tasks // BATCH * BATCH
    rates = {'pool': [], 'one supervisor': [], 'two supervisors': []}
    with tempfile.TemporaryDirectory() as project:
        with open(os.path.join(project, 'entrypoint.py'), 'w') as file:
            file.write(ENTRYPOINT)
        for _ in range(options.repeat):
            rates['one supervisor'].append(count / supervisors(1, count, project))
            rates['pool'].append(count / 4 / pool(count // 4))
            rates['two supervisors'].append(count / supervisors(2, count, project))
    print('Python %s, %d tasks, %d rounds' % (sys.version.split()[0], count, options.repeat))
    for name, values in rates.items():
        print('%-16s %9.0f tasks/s (%.0f to %.0f)' % (name, statistics.median(values), min(values), max(values)))
    for name in ('one supervisor', 'two supervisors'):
        ratios = [ours / theirs for ours, theirs in zip(rates[name], rates['pool'])]
        print('%-16s %9.1f x multiprocessing.Pool(2).imap_unordered(chunksize=1)' % (name, statistics.median(ratios)))


if __name__ == '__main__':
    main()
