/** Program, stack and runs of other versions. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { version } from '../../../../adapters/local/version.ts';
import type { Asking } from '../../../../cli/aws/confirm.ts';
import { schedule } from '../../../../cli/aws/schedules/schedule.ts';
import {
  confirmDespiteRunning,
  confirmDowngrade,
  type DeployConsent,
  outdatedSchedules,
} from '../../../../cli/aws/stack/deploy-checks.ts';
import { statusOfStack } from '../../../../cli/aws/stack-runs.ts';
import { resume } from '../../../../cli/commands/resume/resume.ts';
import { start } from '../../../../cli/commands/start/start.ts';
import { InUse, VersionMismatch } from '../../../../core/errors/errors.ts';
import { layout } from '../../../../core/run-store/layout.ts';
import { readAll } from '../../../../core/store.ts';
import { checkRequested } from '../../../../core/version.ts';
import { checkVersion } from '../../../../runs/aws/start/check-version.ts';
import { begun, nobody, options, parts, projectOf, scheduleParts } from '../../../support/cloud/begin.ts';
import { type MemoryCloud, memoryCloud, stack } from '../../../support/cloud/client.ts';
import { newWorld } from '../../../support/cloud/run.ts';
import { err, out, printed } from '../../../support/jest/captured-output.ts';

const leave: DeployConsent = { yes: false, force: false };
const answering = (answer: boolean, questions: string[] = []): Asking => ({
  interactive: true,
  ask: async (question, standard) => {
    expect(standard).toBe(false);
    questions.push(question);
    return answer;
  },
});
/** The account, with a stack of another version. */
const ofVersion = (account: MemoryCloud, other: string | null): MemoryCloud => ({
  ...account,
  cloud: { ...account.cloud, stack: { ...stack, version: other } },
});
beforeEach(() => {
  printed.err = [];
  printed.out = [];
});

describe('checkVersion', () => {
  test.each([
    ['0.3.0', '0.3.7'],
    ['0.3.7', '0.3.0'],
  ])('a stack of %s takes runs of %s', (its, own) => checkVersion({ ...stack, version: its }, own));

  test.each([
    ['0.2.9', 'Update the stack: gcd-sfn deploy --region us-west-2. Or use its version: npx gcd-sfn@0.2'],
    ['0.4.0', "Use the stack's version: npm install --global gcd-sfn@0.4, or npx gcd-sfn@0.4"],
    [null, 'Update it: gcd-sfn deploy --region us-west-2'],
  ])('one of %s does not take runs of 0.3.0, and what to do is said', (its, hint) => {
    const check = () => checkVersion({ ...stack, version: its }, '0.3.0');
    expect(check).toThrow(VersionMismatch);
    expect(check).toThrow(expect.objectContaining({ exitCode: 3, hint: expect.stringContaining(hint) }));
  });

  test('nor does one that is being changed', () => {
    expect(() => checkVersion({ ...stack, isChanging: true })).toThrow(InUse);
  });
});

describe('with a stack of another version', () => {
  test('start begins nothing, and leaves nothing', async () => {
    const { folder } = await projectOf();
    const world = await newWorld({}, []);
    const account = ofVersion(memoryCloud(world), '99.0.0');
    await expect(start(options(folder), parts(account))).rejects.toThrow(VersionMismatch);
    expect(world.account.executions.size).toBe(0);
    expect(existsSync(join(folder, '.gcd'))).toBe(false);
  });

  test('schedule create makes none, and list shows those that there are', async () => {
    const { folder } = await projectOf();
    const account = ofVersion(memoryCloud(await newWorld({}, [])), '99.0.0');
    const given = { project: folder, file: [], repeat: 1, expression: 'rate(1 day)' };
    const made = schedule('create', 'nightly', given, scheduleParts(account));
    await expect(made).rejects.toThrow(VersionMismatch);
    await schedule('list', undefined, given, scheduleParts(account));
    expect(err()).toContain('there is no schedule');
  });

  test('resume begins nothing; what a run is doing can be seen', async () => {
    const { account, runs, world, go } = await begun();
    await account.cloud.executions.stop('calm-owls-1', 'test');
    go();
    await account.settled();
    const other = ofVersion(account, '99.0.0');
    await expect(resume('calm-owls', { project: runs.project }, parts(other))).rejects.toThrow(
      VersionMismatch,
    );
    expect([...world.account.executions.keys()]).toEqual(['calm-owls-1']);
    await statusOfStack({}, true, async () => other.cloud);
    expect(JSON.parse(out())).toMatchObject({ stack: 'gcd-sfn' });
  });
});

describe('a run that another version began', () => {
  async function stopped() {
    const made = await begun();
    await made.account.cloud.executions.stop('calm-owls-1', 'test');
    made.go();
    await made.account.settled();
    const old = { ...(await made.runs.request('calm-owls')), version: '0.0.1' };
    await made.world.store('calm-owls').write(layout.request, JSON.stringify(old));
    const held = made.runs.hold('calm-owls');
    await held.store.write(layout.request, JSON.stringify(old));
    held.release();
    return made;
  }

  test('goes on with an image that is made anew, where its code is', async () => {
    const { account, runs, world } = await stopped();
    const packed = async () => ({ digest: 'd2', body: () => 'zip' });
    await resume(
      'calm-owls',
      { project: runs.project, detach: true },
      parts(account, nobody, { pack: packed }),
    );
    await account.settled();
    const request = JSON.parse((await readAll(world.store('calm-owls'), layout.request)).toString());
    expect([request.version, request.target.image.digest]).toEqual([version(), 'd2']);
  });

  test('is refused by the first stage, which a schedule meets', () => {
    expect(() => checkRequested({ run: 'r', version: '0.3.1' }, '0.3.0')).not.toThrow();
    expect(() => checkRequested({ run: 'r', version: '0.2.1' }, '0.3.0')).toThrow(VersionMismatch);
  });
});

describe('deploy', () => {
  test('takes no stack back in silence', async () => {
    await confirmDowngrade('0.3.0', '0.3.0', leave, nobody);
    await confirmDowngrade(null, '0.3.0', leave, nobody);
    await confirmDowngrade('0.3.1', '0.3.0', { yes: true, force: true }, nobody);
    for (const yes of [true, false])
      await expect(confirmDowngrade('0.3.1', '0.3.0', { yes, force: false }, nobody)).rejects.toThrow(
        expect.objectContaining({ name: 'VersionMismatch', hint: expect.stringContaining('deploy --force') }),
      );
    const questions: string[] = [];
    await confirmDowngrade('0.3.1', '0.3.0', leave, answering(true, questions));
    expect(questions).toEqual(['Downgrade the stack to 0.3.0, for everybody who uses it?']);
    const no = confirmDowngrade('0.3.1', '0.3.0', leave, answering(false));
    await expect(no).rejects.toMatchObject({ name: 'RunInterrupted', exitCode: 130 });
  });

  test('lists what is at work, and changes nothing under it unasked', async () => {
    const { account, world, go, folder } = await begun();
    const line = new RegExp(
      `  run calm-owls of project ${folder.split('/').at(-1)}, by anna, started .*execution calm-owls-1`,
    );
    for (const yes of [true, false])
      await expect(confirmDespiteRunning(account.cloud, { yes, force: false }, nobody)).rejects.toThrow(
        expect.objectContaining({
          ...{ name: 'InUse', exitCode: 2, message: expect.stringMatching(line) },
          hint: expect.stringContaining('gcd-sfn deploy --force'),
        }),
      );
    for (const [how, asking] of [
      [leave, answering(true)] as const,
      [{ yes: true, force: true }, nobody] as const,
    ]) {
      printed.err = [];
      await confirmDespiteRunning(account.cloud, how, asking);
      expect(err()).toMatch(line);
    }
    const no = confirmDespiteRunning(account.cloud, leave, answering(false));
    await expect(no).rejects.toMatchObject({ name: 'RunInterrupted' });
    go();
    await account.settled();
    await confirmDespiteRunning(account.cloud, leave, nobody);
    await world.ports('').executions.start('cleanup', 'calm-owls-1-cleanup', { run: 'calm-owls' });
    await expect(confirmDespiteRunning(account.cloud, leave, nobody)).rejects.toThrow('calm-owls-1-cleanup');
  });

  test('names the schedules whose runs it will refuse', async () => {
    const { folder } = await projectOf();
    const account = memoryCloud(await newWorld({}, []));
    const given = { project: folder, file: [], repeat: 1, expression: 'rate(1 day)' };
    await schedule('create', 'nightly', given, scheduleParts(account));
    expect(await outdatedSchedules(account.cloud, version())).toBeUndefined();
    const line = await outdatedSchedules(account.cloud, '99.0.0');
    expect(line).toContain(`1 schedule of another version: nightly (${version()})`);
  });
});
