/** `start --cluster`, `resume`, `stop` and `results` of a run on AWS, with an account in memory. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { readRemote } from '../../../adapters/local/runs/remote-file.ts';
import { RunsFolder } from '../../../adapters/local/runs/runs-folder.ts';
import { adopt } from '../../../cli/cloud/adopt.ts';
import type { Asking } from '../../../cli/cloud/confirm.ts';
import { resultsOfRemote } from '../../../cli/cloud/results.ts';
import { resumeRemote } from '../../../cli/cloud/resume.ts';
import { type StartOnAws, startOnAws } from '../../../cli/cloud/start.ts';
import { statusOfRemote } from '../../../cli/cloud/status.ts';
import { stopRemote } from '../../../cli/cloud/stop.ts';
import { runsTable } from '../../../cli/status/list.ts';
import { AccessDenied, NotFound, QuotaExceeded } from '../../../ports/errors.ts';
import { layout } from '../../../ports/layout.ts';
import { exists, readAll } from '../../../ports/store.ts';
import { readRuns } from '../../../walker/find-runs.ts';
import { type MemoryCloud, memoryCloud } from '../../support/cloud/client.ts';
import { newWorld } from '../../support/cloud/run.ts';

import { newProject } from '../../support/project.ts';

const config = 'data_bucket: s3://data\nregion: us-west-2\n';
const files = { 'entrypoint.py': 'def entrypoint(**_): return {}\n', 'config.yaml': config };

const cleanUps: (() => Promise<void>)[] = [];
let printed = { out: [] as string[], err: [] as string[] };
beforeEach(() => {
  printed = { out: [], err: [] };
  jest.spyOn(console, 'log').mockImplementation((line = '') => void printed.out.push(String(line)));
  jest.spyOn(console, 'error').mockImplementation((line = '') => void printed.err.push(String(line)));
  jest.spyOn(process.stderr, 'write').mockImplementation((line) => {
    printed.err.push(String(line).trimEnd());
    return true;
  });
});
afterEach(async () => {
  jest.restoreAllMocks();
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});
const err = () => printed.err.join('\n');
const out = () => printed.out.join('\n');

async function projectOf(more: Record<string, string> = {}) {
  const made = await newProject({ ...files, ...more });
  cleanUps.push(made.remove);
  return made;
}

const nobody: Asking = {
  interactive: false,
  ask: () => {
    throw new Error('asked without a terminal');
  },
};

const packs = { digest: 'd1' };
const parts = ({ cloud }: MemoryCloud, asking: Asking = nobody) => ({
  ...{ connect: async () => cloud, asking, seconds: 0.001 },
  pack: async () => ({ digest: packs.digest, body: () => 'zip' }),
  check: async () => {},
});

const options = (project: string, more: Partial<StartOnAws> = {}): StartOnAws => ({
  ...{ project, file: [], number: 0, repeat: 1, cluster: 'lab', name: 'calm-owls', create: true },
  ...more,
});

describe('start --cluster', () => {
  test('begins the run, follows it to its end, and brings the results here', async () => {
    const { folder } = await projectOf();
    const world = await newWorld({}, []);
    const account = memoryCloud(world);
    const code = await startOnAws(
      options(folder, { scalenodes: 3, instance_type: 'm6i.xlarge' }),
      parts(account),
    );
    expect(code).toBe(0);
    expect(readdirSync(join(folder, 'results')).sort()).toEqual([
      'error.csv',
      'logs.csv',
      'performance.txt',
      'report.html',
      'results.csv',
    ]);
    expect(readFileSync(join(folder, 'results/results.csv'), 'utf8').trim().split('\n')).toHaveLength(7);
    expect(err()).toMatch(/^run calm-owls of .*, on AWS: stack gcd-sfn$/m);
    expect(err()).toContain('3 files, 6 tasks, in');
    expect(err()).toMatch(/cluster +lab in us-west-2, to be made: about 12 minutes, and \$0.10 an hour/);
    expect(err()).toMatch(/nodes +3 × m6i.xlarge, 2 workers each/);
    expect(err()).toMatch(/time +not known: none of its tasks has run before/);
    expect(err()).toMatch(/cost +\$\d+\.\d\d an hour and \$\d\.\d+ once, by the prices of 2026-11-22/);
    expect(err()).toMatch(/cost: about \$\d/);
    expect(out()).toContain('Total tasks   6');
    // What it left on AWS, and here.
    const request = JSON.parse((await readAll(world.store('calm-owls'), layout.request)).toString());
    expect(request.target).toMatchObject({
      kind: 'eks',
      cluster: { name: 'lab' },
      nodegroup: { name: 'gcd-m6i-xlarge', instanceType: 'm6i.xlarge' },
      nodes: 3,
      workersPerNode: 2,
      bastion: 'lab-bastion',
      image: { digest: 'd1', source: 'stack-bucket/sources/d1.zip' },
    });
    expect(request.workers).toBe(6);
    expect((await readAll(account.bucket, 'sources/d1.zip')).toString()).toBe('zip');
    expect(readRemote(join(folder, '.gcd/runs/calm-owls'))).toMatchObject({
      stack: 'gcd-sfn',
      region: 'us-west-2',
      bucket: 'stack-bucket',
      seen: { state: 'done', succeeded: 6, failed: 0, total: 6 },
    });
  });

  test('tells a time range and dollars when its tasks have run before', async () => {
    const { folder } = await projectOf();
    const world = await newWorld({}, []);
    await startOnAws(options(folder), parts(memoryCloud(world)));
    printed.err = [];
    expect(
      await startOnAws(options(folder, { dryRun: true, name: 'second' }), parts(memoryCloud(world))),
    ).toBe(0);
    expect(err()).toMatch(/time +.* to .*, as its tasks took before/);
    expect(err()).toMatch(/cost +\$\d+\.\d+ to \$\d+\.\d+: /);
    expect(err()).not.toContain('to be made');
    expect(existsSync(join(folder, '.gcd/runs/second'))).toBe(false);
    expect(await exists(world.store('second'), layout.request)).toBe(false);
  });

  test('says what a burstable type really costs', async () => {
    const { folder } = await projectOf();
    const world = await newWorld({}, []);
    await startOnAws(options(folder, { dryRun: true, instance_type: 't3.large' }), parts(memoryCloud(world)));
    expect(err()).toContain('a burstable type that is kept busy costs more than its list price');
  });

  test('an unknown cluster without --create and without a terminal is an error that names those that are there', async () => {
    const { folder } = await projectOf();
    const world = await newWorld({}, []);
    await startOnAws(options(folder, { cluster: 'other' }), parts(memoryCloud(world)));
    const again = startOnAws(options(folder, { create: false, name: 'second' }), parts(memoryCloud(world)));
    await expect(again).rejects.toMatchObject({
      name: 'UsageError',
      message: 'there is no cluster lab in us-west-2',
      mend: '--create makes it. There are: other',
    });
    expect(existsSync(join(folder, '.gcd/runs/second'))).toBe(false);
  });

  test.each([true, false])('on a terminal it is a question, and %s is the answer', async (answer) => {
    const { folder } = await projectOf();
    const world = await newWorld({}, []);
    const questions: string[] = [];
    const asking: Asking = {
      interactive: true,
      ask: async (question) => {
        questions.push(question);
        return answer;
      },
    };
    const started = startOnAws(options(folder, { create: false }), parts(memoryCloud(world), asking));
    if (answer) expect(await started).toBe(0);
    else await expect(started).rejects.toMatchObject({ name: 'RunInterrupted' });
    expect(questions).toEqual(['There is no cluster lab: make it, and go on?']);
    expect(world.account.executions.size).toBe(answer ? 1 : 0);
    expect(existsSync(join(folder, '.gcd/runs/calm-owls'))).toBe(answer);
  });

  test('--yes asks nothing', async () => {
    const { folder } = await projectOf();
    const asking: Asking = { ...nobody, interactive: true };
    const world = await newWorld({}, []);
    expect(await startOnAws(options(folder, { yes: true }), parts(memoryCloud(world), asking))).toBe(0);
  });

  test('data in a folder is an error before AWS is asked anything', async () => {
    const { folder } = await projectOf({ 'config.yaml': 'data_bucket: ./data\n' });
    const connect = () => Promise.reject(new Error('asked AWS'));
    const world = await newWorld({}, []);
    await expect(
      startOnAws(options(folder), { ...parts(memoryCloud(world)), connect }),
    ).rejects.toMatchObject({
      name: 'UsageError',
      message: expect.stringContaining('a cluster cannot read'),
    });
  });

  test('without a stack nothing is left', async () => {
    const { folder } = await projectOf();
    const world = await newWorld({}, []);
    const connect = () => Promise.reject(new NotFound('there is no stack gcd-sfn'));
    await expect(startOnAws(options(folder), { ...parts(memoryCloud(world)), connect })).rejects.toThrow(
      'there is no stack gcd-sfn',
    );
    expect(existsSync(join(folder, '.gcd'))).toBe(false);
  });

  test('a licence file goes to its own place and nowhere else', async () => {
    const { folder } = await projectOf({
      'config.yaml': `${config}solver_name: MOSEK\nsolver_lic_file_local_source: ./secret.lic\nsolver_lic_target_path_in_images_dest: /root/mosek\n`,
      'secret.lic': 'TOP SECRET',
    });
    const world = await newWorld({}, []);
    const begun = Promise.withResolvers<void>();
    const account = memoryCloud(world, { begin: () => begun.promise });
    expect(await startOnAws(options(folder, { detach: true }), parts(account))).toBe(0);
    expect(Buffer.from(world.account.licences.get('calm-owls')!.content).toString()).toBe('TOP SECRET');
    expect((await readAll(world.store('calm-owls'), layout.request)).toString()).not.toContain('TOP SECRET');
    begun.resolve();
    await account.settled();
    expect(world.account.licences.size).toBe(0);
  });

  test('an address is asked before its first run begins, and not again; a trouble with that stops no run', async () => {
    const { folder } = await projectOf({ 'config.yaml': `${config}notify: me@example.org\n` });
    const world = await newWorld({}, []);
    const before: number[] = [];
    const begin = async () => void before.push(world.account.invited.length);
    expect(await startOnAws(options(folder), parts(memoryCloud(world, { begin })))).toBe(0);
    expect(before).toEqual([1]);
    expect(err()).toContain(
      'me@example.org hears of runs once it has confirmed: AWS has sent it a message with a link',
    );
    expect(world.account.sent.map(({ to }) => to)).toEqual(['me@example.org']);
    printed.err = [];
    expect(await startOnAws(options(folder, { name: 'second' }), parts(memoryCloud(world)))).toBe(0);
    expect(world.account.invited).toEqual(['me@example.org']);
    expect(err()).not.toContain('me@example.org');
    world.account.refuse('notifier.invite', new AccessDenied('not allowed: sns:Subscribe'));
    expect(await startOnAws(options(folder, { name: 'third' }), parts(memoryCloud(world)))).toBe(0);
    expect(err()).toContain("me@example.org may not hear of the run's end: not allowed: sns:Subscribe");
  });

  test('results are copied to saved_bucket, too', async () => {
    const { folder } = await projectOf({
      'config.yaml': `${config}saved_bucket: kept\nsaved_path_cloud: losses\n`,
    });
    const account = memoryCloud(await newWorld({}, []));
    expect(await startOnAws(options(folder), parts(account))).toBe(0);
    const kept = account.others.get('kept/losses/calm-owls/')!;
    expect((await readAll(kept, 'results.csv')).toString()).toBe(
      readFileSync(join(folder, 'results/results.csv'), 'utf8'),
    );
  });

  test('what fails at the beginning leaves nothing, and the name is free again', async () => {
    const { folder } = await projectOf();
    const world = await newWorld({}, []);
    world.account.refuse('executions.start', new AccessDenied('not allowed: states:StartExecution'));
    await expect(startOnAws(options(folder), parts(memoryCloud(world)))).rejects.toThrow('StartExecution');
    expect(await exists(world.store('calm-owls'), layout.request)).toBe(false);
    expect(existsSync(join(folder, '.gcd/runs/calm-owls'))).toBe(false);
    world.account.refuse('executions.start', undefined);
    expect(await startOnAws(options(folder), parts(memoryCloud(world)))).toBe(0);
  });

  test('a name that the stack has is refused', async () => {
    const [one, other] = [await projectOf(), await projectOf()];
    const world = await newWorld({}, []);
    await startOnAws(options(one.folder), parts(memoryCloud(world)));
    await expect(startOnAws(options(other.folder), parts(memoryCloud(world)))).rejects.toMatchObject({
      name: 'UsageError',
      message: "there is a run 'calm-owls' in stack gcd-sfn already",
    });
  });
});

/** A run that has begun and waits for `go`. */
async function begun(more: Partial<StartOnAws> = {}) {
  const { folder } = await projectOf();
  const world = await newWorld({}, []);
  const going = Promise.withResolvers<void>();
  const account = memoryCloud(world, { begin: () => going.promise });
  expect(await startOnAws(options(folder, { detach: true, ...more }), parts(account))).toBe(0);
  const runs = new RunsFolder(folder);
  const remote = readRemote(runs.folderOf('calm-owls'))!;
  return { folder, world, account, runs, remote, go: going.resolve };
}

const failed = (index: number, task: string) =>
  JSON.stringify({
    ...{ status: 'failed', index, task, attempt: 1, start: 1, end: 2, cpu: 0, memory: 0 },
    error: { class: 'exception', type: 'ValueError', message: 'no good', traceback: '' },
  });

describe('a run on AWS that was begun from here', () => {
  test('--detach leaves it, and says what to do with it', async () => {
    const { account, go } = await begun();
    expect(err()).toContain('run calm-owls goes on on AWS, execution calm-owls-1');
    expect(err()).toMatch(/gcd-sfn watch calm-owls --project .* {4}follow it/);
    go();
    await account.settled();
  });

  test('status says where it is while it goes on, and how it ended', async () => {
    const { account, runs, remote, go } = await begun();
    const connectTo = async () => account.cloud;
    await statusOfRemote(runs, 'calm-owls', remote, { json: false, connectTo });
    expect(out()).toMatch(/state +running \(AWS\)/);
    expect(out()).toContain('files     s3://stack-bucket/runs/calm-owls/');
    expect(out()).toContain('stack gcd-sfn in us-west-2, cluster lab, execution calm-owls-1');
    go();
    await account.settled();
    printed.out = [];
    await statusOfRemote(runs, 'calm-owls', remote, { json: true, connectTo });
    const status = JSON.parse(out());
    expect(status).toMatchObject({
      ...{ state: 'done', exitCode: 0, tasks: { total: 6, succeeded: 6, failed: 0, unfinished: 0 } },
      aws: { stack: 'gcd-sfn', execution: 'calm-owls-1', dollars: expect.any(Number) },
    });
    expect(readRemote(runs.folderOf('calm-owls'))?.seen?.state).toBe('done');
  });

  test('lists of runs ask nobody', async () => {
    const { folder, account, runs, go } = await begun();
    const statuses = await readRuns(new RunsFolder(folder));
    expect(statuses.map(({ state }) => state)).toEqual(['remote']);
    const lines = runsTable(statuses, Date.now() / 1000).join('\n');
    expect(lines).toMatch(/calm-owls +not looked at yet \(AWS\)/);
    expect(lines).toContain('calm-owls: on AWS; gcd-sfn status calm-owls looks there');
    go();
    await account.settled();
    const connectTo = async () => account.cloud;
    await statusOfRemote(runs, 'calm-owls', readRemote(runs.folderOf('calm-owls'))!, {
      json: true,
      connectTo,
    });
    expect(runsTable(await readRuns(runs), Date.now() / 1000).join('\n')).toMatch(
      /calm-owls +done \(AWS\) +6\/6/,
    );
  });

  test('stop lets running tasks end; what was not run is told, with exit code 130; resume goes on', async () => {
    const { account, runs, remote, world, go } = await begun();
    const at = world.clock.now();
    account.events.tell('calm-owls-1', {
      at,
      event: 'state-entered',
      state: 'StartWorkers',
      type: 'Task',
      output: null,
    });
    const connectTo = async () => account.cloud;
    const wish = { now: false, wait: false, json: false, connectTo };
    expect(await stopRemote(runs, 'calm-owls', remote, wish)).toBe(0);
    expect((await readAll(world.store('calm-owls'), layout.control)).toString()).toBe('{"stop":"drain"}');
    expect(world.account.executions.get('calm-owls-1')?.state).toBe('running');
    expect(err()).toContain('asked calm-owls to stop: running tasks end first');
    await statusOfRemote(runs, 'calm-owls', remote, { json: false, connectTo });
    expect(out()).toMatch(/state +stopping \(AWS\)/);
    go();
    await account.settled();
    const code = await resumeRemote(runs, 'calm-owls', remote, {}, parts(account));
    expect(code).toBe(0);
    expect([...world.account.executions.keys()]).toContain('calm-owls-2');
    expect(await exists(world.store('calm-owls'), layout.control)).toBe(false);
  });

  test('stop before there are workers waits for no cluster: the execution is stopped', async () => {
    const { account, runs, remote, world, go } = await begun({ cleanup: true });
    const connectTo = async () => account.cloud;
    const entered = {
      at: 1,
      event: 'state-entered',
      state: 'EnsureCluster',
      type: 'Task',
      output: null,
    } as const;
    account.events.tell('calm-owls-1', entered);
    const wish = { now: false, wait: false, json: true, connectTo };
    expect(await stopRemote(runs, 'calm-owls', remote, wish)).toBe(0);
    expect(world.account.executions.get('calm-owls-1')?.state).toBe('aborted');
    // Workers that have started in the meantime are not waited for either.
    expect((await readAll(world.store('calm-owls'), layout.control)).toString()).toBe('{"stop":"now"}');
    expect(err()).toContain('stopped calm-owls, because no worker had started');
    expect(err()).toContain('cluster lab stays: gcd-sfn cleanup --cluster lab removes it');
    expect(JSON.parse(out())).toEqual({ run: 'calm-owls', asked: 'now' });
    go();
    await account.settled();
    expect(await resumeRemote(runs, 'calm-owls', remote, {}, parts(account))).toBe(0);
  });

  test('resume --detach leaves it, and says what to do with it', async () => {
    const { account, runs, remote, world, go } = await begun();
    const stopped = { now: true, wait: false, json: false, connectTo: async () => account.cloud };
    await stopRemote(runs, 'calm-owls', remote, stopped);
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
    const { account, runs, remote, go } = await begun();
    const stopped = { now: true, wait: false, json: false, connectTo: async () => account.cloud };
    await stopRemote(runs, 'calm-owls', remote, stopped);
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

  test('stop --now stops the execution, and a second stop has nothing to do', async () => {
    const { account, runs, remote, world, go } = await begun();
    const wish = { now: true, wait: false, json: false, connectTo: async () => account.cloud };
    expect(await stopRemote(runs, 'calm-owls', remote, wish)).toBe(0);
    expect(world.account.executions.get('calm-owls-1')?.state).toBe('aborted');
    expect(await stopRemote(runs, 'calm-owls', remote, wish)).toBe(0);
    expect(err()).toContain('run calm-owls is not at work: there is nothing to stop');
    go();
    await account.settled();
  });

  test('one that was begun elsewhere is taken up by its name, and resumed with the code that it has', async () => {
    const { account, go } = await begun();
    const other = await projectOf();
    const runs = new RunsFolder(other.folder);
    const connectTo = async () => account.cloud;
    await expect(adopt(runs, other.folder, 'no-such', {}, connectTo)).rejects.toMatchObject({
      name: 'RunNotFound',
      message: "there is no run 'no-such' in stack gcd-sfn in us-west-2",
    });
    expect(existsSync(join(other.folder, '.gcd'))).toBe(false);
    await adopt(runs, other.folder, 'calm-owls', {}, connectTo);
    await adopt(runs, other.folder, 'calm-owls', {}, connectTo);
    const remote = readRemote(runs.folderOf('calm-owls'))!;
    await stopRemote(runs, 'calm-owls', remote, { now: true, wait: false, json: false, connectTo });
    go();
    await account.settled();
    const pack = () => Promise.reject(new Error('packed'));
    expect(await resumeRemote(runs, 'calm-owls', remote, {}, { ...parts(account), pack })).toBe(0);
    expect(existsSync(join(other.folder, 'results/results.csv'))).toBe(true);
  });

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
      mend: 'Try again in a minute.',
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
    const attempt = '{"event":"attempt","index":0,"task":"t","attempt":1,"class":"timeout","message":""}';
    await store.write(layout.part(1, '0-calm-owls-1-w-1'), `${worker}\n${attempt}\n${failed(0, 't')}\n`);
    go();
    await account.settled();
    expect(await resumeRemote(runs, 'calm-owls', remote, {}, parts(account))).toBe(1);
    expect(err()).toContain('nothing is left to do but what failed');
    expect(err()).toMatch(/1 failed; why: .*error.csv/);
    expect(err()).toMatch(/to run just those again: gcd-sfn resume calm-owls .* --retry-failed/);
    expect(await resumeRemote(runs, 'calm-owls', remote, { retryFailed: true }, parts(account))).toBe(0);
    const kept = await readAll(store, `retried/calm-owls-1/${layout.part(1, '0-calm-owls-1-w-1')}`);
    expect(kept.toString()).toBe(`${attempt}\n${failed(0, 't')}\n`);
  });

  test('a failure is told with its cause, exit code and what to do', async () => {
    const { folder } = await projectOf();
    const world = await newWorld({}, []);
    const failing = { EnsureNodegroup: new QuotaExceeded('the account may have 0 machines of this kind') };
    const code = await startOnAws(options(folder), parts(memoryCloud(world, { failing })));
    expect(code).toBe(3);
    expect(err()).toContain('error: QuotaExceeded: the account may have 0 machines of this kind');
    expect(err()).toMatch(/when the cause is mended: gcd-sfn resume calm-owls/);
  });

  test('results that AWS could not make are made here', async () => {
    const { folder, account, runs, remote, world, go } = await begun();
    go();
    await account.settled();
    const store = world.store('calm-owls');
    for await (const { key } of store.list('results/')) await store.remove(key);
    const to = join(folder, 'elsewhere');
    await resultsOfRemote(runs, 'calm-owls', remote, {
      ...{ to, rebuild: false, json: true, connectTo: async () => account.cloud },
    });
    expect(JSON.parse(out())).toMatchObject({ run: 'calm-owls', rebuilt: true });
    expect(readFileSync(join(to, 'results.csv'), 'utf8').trim().split('\n')).toHaveLength(7);
    expect(existsSync(join(to, 'runtime.png'))).toBe(true);
  });

  test('results of one at work are refused', async () => {
    const { folder, account, runs, remote, go } = await begun();
    const how = { to: folder, rebuild: false, json: true, connectTo: async () => account.cloud };
    await expect(resultsOfRemote(runs, 'calm-owls', remote, how)).rejects.toMatchObject({
      name: 'NothingToDo',
    });
    go();
    await account.settled();
  });
});
