/** `resume` of a run on AWS, with an account in memory. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { resumeRemote } from '../../../../cli/aws/resume.ts';
import { layout } from '../../../../core/run-store/layout.ts';
import { readAll } from '../../../../core/store.ts';
import { taskId } from '../../../../functions/plan/tasks/manifest.ts';
import { begun, parts } from '../../../support/cloud/begin.ts';
import { err, out, printed } from '../../../support/jest/captured-output.ts';

const failed = (index: number, task: string) =>
  JSON.stringify({
    ...{ status: 'failed', index, task, attempt: 1, start: 1, end: 2, cpu: 0, memory: 0 },
    error: { class: 'exception', type: 'ValueError', message: 'no good', traceback: '' },
  });

describe('a run on AWS that was begun from here', () => {
  test('resume --detach leaves it, and says what to do with it', async () => {
    const { account, runs, remote, run, world, go } = await begun();
    await run.stop('now');
    go();
    await account.settled();
    printed.err = [];
    expect(await resumeRemote(runs, 'calm-owls', remote, { detach: true }, parts(account))).toBe(0);
    expect(err()).toContain('run calm-owls goes on on AWS, execution calm-owls-2');
    expect(err()).toMatch(/gcd-sfn watch calm-owls --project .* {4}follow it/);
    expect(out()).toBe('');
    await account.settled();
    expect(world.account.executions.get('calm-owls-2')?.state).toBe('succeeded');
  });

  test('resume --detach --json tells the execution', async () => {
    const { account, runs, remote, run, go } = await begun();
    await run.stop('now');
    go();
    await account.settled();
    printed.out = [];
    await resumeRemote(runs, 'calm-owls', remote, { detach: true, json: true }, parts(account));
    expect(JSON.parse(out())).toMatchObject({ run: 'calm-owls', execution: 'calm-owls-2' });
    await account.settled();
  });

  test.each([[{}], [{ retryFailed: true }]])(
    'a run that is through is not begun again, which would cost: resume %j brings its results',
    async (options) => {
      const { account, runs, remote, world, go, folder } = await begun();
      go();
      await account.settled();
      const packed = () => Promise.reject(new Error('packed'));
      const code = await resumeRemote(runs, 'calm-owls', remote, options, {
        ...parts(account),
        pack: packed,
      });
      expect(code).toBe(0);
      expect(err()).toContain('run calm-owls is through: nothing is left to do');
      expect(existsSync(join(folder, 'results/results.csv'))).toBe(true);
      expect([...world.account.executions.keys()]).toEqual(['calm-owls-1']);
    },
  );

  test('resume of one that goes on is refused', async () => {
    const { account, runs, remote, go } = await begun();
    await expect(resumeRemote(runs, 'calm-owls', remote, {}, parts(account))).rejects.toMatchObject({
      name: 'RunLocked',
    });
    go();
    await account.settled();
  });

  test('resume while what the last execution has left is being cleaned up is refused', async () => {
    const { account, runs, remote, world, go } = await begun();
    const { executions } = world.ports('');
    await executions.stop('calm-owls-1');
    go();
    await account.settled();
    await executions.start('cleanup', 'calm-owls-1-cleanup', { run: 'calm-owls', execution: 'calm-owls-1' });
    await expect(resumeRemote(runs, 'calm-owls', remote, {}, parts(account))).rejects.toMatchObject({
      name: 'RunLocked',
      message: 'what execution calm-owls-1 of run calm-owls has left is being cleaned up',
      hint: 'Try again in a minute.',
    });
    expect(await executions.find('calm-owls-2')).toBeUndefined();
    executions.end('calm-owls-1-cleanup', 'succeeded');
    await resumeRemote(runs, 'calm-owls', remote, { detach: true }, parts(account));
    expect(await executions.find('calm-owls-2')).toBeDefined();
    await account.settled();
  });

  test('--retry-failed runs again what failed, and keeps the old records aside', async () => {
    const { account, runs, remote, world, go } = await begun();
    const store = world.store('calm-owls');
    const worker = '{"event":"worker","worker":"w","node":"n","hostname":"h","ip":"","pid":1}';
    const id = taskId('a.csv', 'Power');
    const attempt = `{"event":"attempt","index":0,"task":"${id}","attempt":1,"class":"timeout","message":""}`;
    await store.write(layout.part(1, '0-calm-owls-1-w-1'), `${worker}\n${attempt}\n${failed(0, id)}\n`);
    go();
    await account.settled();
    expect(await resumeRemote(runs, 'calm-owls', remote, {}, parts(account))).toBe(1);
    expect(err()).toContain('nothing is left to do but what failed');
    expect(err()).toMatch(/1 failed; why: .*error.csv/);
    expect(err()).toMatch(/to run just those again: gcd-sfn resume calm-owls .* --retry-failed/);
    expect(await resumeRemote(runs, 'calm-owls', remote, { retryFailed: true }, parts(account))).toBe(0);
    const kept = await readAll(store, `retried/calm-owls-1/${layout.part(1, '0-calm-owls-1-w-1')}`);
    expect(kept.toString()).toBe(`${attempt}\n${failed(0, id)}\n`);
  });
});
