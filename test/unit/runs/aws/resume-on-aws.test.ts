/** `resume` of a run on AWS, with an account in memory. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { resume } from '../../../../cli/commands/resume/resume.ts';
import { layout } from '../../../../core/run-store/layout.ts';
import { readAll } from '../../../../core/store.ts';
import { taskId } from '../../../../functions/plan/tasks/manifest.ts';
import { begun, nobody, parts } from '../../../support/cloud/begin.ts';
import { err, out, printed } from '../../../support/jest/captured-output.ts';

const failed = (index: number, task: string) =>
  JSON.stringify({
    ...{ status: 'failed', index, task, attempt: 1, start: 1, end: 2, cpu: 0, memory: 0 },
    error: { class: 'exception', type: 'ValueError', message: 'no good', traceback: '' },
  });

describe('a run on AWS that was begun from here', () => {
  test('resume --detach leaves it, and says what to do with it', async () => {
    const { account, runs, run, world, go } = await begun();
    await run.stop('now');
    go();
    await account.settled();
    printed.err = [];
    expect(await resume('calm-owls', { project: runs.project, detach: true }, parts(account))).toBe(0);
    expect(err()).toContain('run calm-owls goes on on AWS, execution calm-owls-2');
    expect(err()).toMatch(/gcd-sfn watch calm-owls --project .* {4}follow it/);
    expect(out()).toBe('');
    await account.settled();
    expect(world.account.executions.get('calm-owls-2')?.state).toBe('succeeded');
  });

  test('resume --detach --json tells the execution', async () => {
    const { account, runs, run, go } = await begun();
    await run.stop('now');
    go();
    await account.settled();
    printed.out = [];
    await resume('calm-owls', { project: runs.project, detach: true, json: true }, parts(account));
    expect(JSON.parse(out())).toMatchObject({ run: 'calm-owls', execution: 'calm-owls-2' });
    await account.settled();
  });

  test.each([[{}], [{ retryFailed: true }]])(
    'a run that is through is not begun again, which would cost: resume %j brings its results',
    async (options) => {
      const { account, runs, world, go, folder } = await begun();
      go();
      await account.settled();
      const packed = () => Promise.reject(new Error('packed'));
      const code = await resume(
        'calm-owls',
        { project: runs.project, ...options },
        parts(account, nobody, { pack: packed }),
      );
      expect(code).toBe(0);
      expect(err()).toContain('run calm-owls is complete; no task is left');
      expect(existsSync(join(folder, 'results/results.csv'))).toBe(true);
      expect([...world.account.executions.keys()]).toEqual(['calm-owls-1']);
    },
  );

  test('resume of one that goes on is refused', async () => {
    const { account, runs, go } = await begun();
    await expect(resume('calm-owls', { project: runs.project }, parts(account))).rejects.toMatchObject({
      name: 'RunLocked',
    });
    go();
    await account.settled();
  });

  test('resume while what the last execution has left is being cleaned up is refused', async () => {
    const { account, runs, world, go } = await begun();
    const { executions } = world.ports('');
    await executions.stop('calm-owls-1');
    go();
    await account.settled();
    await executions.start('cleanup', 'calm-owls-1-cleanup', { run: 'calm-owls', execution: 'calm-owls-1' });
    await expect(resume('calm-owls', { project: runs.project }, parts(account))).rejects.toMatchObject({
      name: 'RunLocked',
      message: 'the clean-up after execution calm-owls-1 of run calm-owls is running',
      hint: 'Try again in a minute.',
    });
    expect(await executions.find('calm-owls-2')).toBeUndefined();
    executions.end('calm-owls-1-cleanup', 'succeeded');
    await resume('calm-owls', { project: runs.project, detach: true }, parts(account));
    expect(await executions.find('calm-owls-2')).toBeDefined();
    await account.settled();
  });

  test('--retry-failed runs again what failed, and keeps the old records aside', async () => {
    const { account, runs, world, go } = await begun();
    const store = world.store('calm-owls');
    const worker = '{"event":"worker","worker":"w","node":"n","hostname":"h","ip":"","pid":1}';
    const id = taskId('a.csv', 'Power');
    const attempt = `{"event":"attempt","index":0,"task":"${id}","attempt":1,"class":"timeout","message":""}`;
    await store.write(layout.part(1, '0-calm-owls-1-w-1'), `${worker}\n${attempt}\n${failed(0, id)}\n`);
    go();
    await account.settled();
    expect(await resume('calm-owls', { project: runs.project }, parts(account))).toBe(1);
    expect(err()).toContain(
      'run calm-owls is complete; only failed tasks are left: --retry-failed runs them again',
    );
    expect(err()).toMatch(/1 failed; why: .*error.csv/);
    expect(err()).toMatch(/to run just those again: gcd-sfn resume calm-owls .* --retry-failed/);
    expect(await resume('calm-owls', { project: runs.project, retryFailed: true }, parts(account))).toBe(0);
    const kept = await readAll(store, `retried/calm-owls-1/${layout.part(1, '0-calm-owls-1-w-1')}`);
    expect(kept.toString()).toBe(`${attempt}\n${failed(0, id)}\n`);
  });
});
