import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, describe, expect, test } from '@jest/globals';
import { familyOf, ProcessesUsage, parentsFromPs } from '../../../../adapters/local/resource-usage.ts';
import { until } from '../../../support/cli/project.ts';

const usage = new ProcessesUsage();
afterAll(() => usage.close());

describe('the processes of a worker', () => {
  test('are it and all that descend from it', () => {
    const parents = new Map([
      [1, 0],
      [10, 1],
      [11, 10],
      [12, 11],
      [20, 1],
    ]);
    expect(familyOf(10, parents).sort()).toEqual([10, 11, 12]);
    expect(familyOf(20, parents)).toEqual([20]);
    expect(familyOf(99, parents)).toEqual([]);
    // Looked at one by one while they begin and end, processes may seem to be their own ancestors.
    expect(
      familyOf(
        1,
        new Map([
          [1, 2],
          [2, 1],
        ]),
      ).sort(),
    ).toEqual([1, 2]);
  });

  test('are read from what ps prints', () => {
    expect([...parentsFromPs('    1     0\n  412     1\n98765   412\n')]).toEqual([
      [1, 0],
      [412, 1],
      [98765, 412],
    ]);
  });

  test('are measured together; those that are gone are none', async () => {
    const shell = spawn('sh', ['-c', 'sleep 1000 & echo ready; wait'], {
      stdio: ['ignore', 'pipe', 'ignore'],
      detached: true,
    });
    const gone = spawn('true');
    try {
      await Promise.all([once(shell.stdout, 'data'), once(gone, 'exit')]);
      const [one, none] = [shell.pid as number, gone.pid as number];
      const usages = await usage.measure([one, none]);
      expect(usages.get(one)).toMatchObject({ processes: 2 });
      expect(usages.get(one)?.memory).toBeGreaterThan(100_000);
      expect(usages.get(none)).toEqual({ cpu: 0, memory: 0, processes: 0 });
      expect(await usage.measure([])).toEqual(new Map());
    } finally {
      process.kill(-(shell.pid as number), 'SIGKILL');
    }
  });

  test('use CPU when they work, none when they sleep', async () => {
    const busy = spawn('sh', ['-c', 'while :; do :; done'], { stdio: 'ignore' });
    const idle = spawn('sleep', ['1000'], { stdio: 'ignore' });
    try {
      const pids = [busy.pid as number, idle.pid as number];
      const first = await usage.measure(pids);
      expect([...first.values()].map(({ cpu }) => cpu)).toEqual([0, 0]);
      let used = 0;
      await until(async () => {
        used = (await usage.measure(pids)).get(pids[0] as number)?.cpu ?? 0;
        return used > 0;
      }, 'some CPU');
      expect((await usage.measure(pids)).get(pids[1] as number)?.cpu).toBe(0);
    } finally {
      busy.kill('SIGKILL');
      idle.kill('SIGKILL');
    }
  });
});
