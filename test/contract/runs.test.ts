/** What commands may expect of a run, on this machine and on AWS. */
import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { GcdError } from '../../ports/errors.ts';
import { isAtWork, type RunSnapshot } from '../../ports/run-status.ts';
import type { Run, Runs } from '../../ports/runs.ts';
import { ProjectRuns } from '../../runs/project-runs.ts';
import { begun } from '../support/cloud/begin.ts';
import '../support/printed.ts';
import { newProject, startCommand } from '../support/project.ts';

interface AtWork {
  folder: string;
  runs: Runs;
  run: Run;
  /** Lets its tasks end. */
  go(): Promise<void>;
}

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

const entrypoint = (signal: string) => `
import os, time
def entrypoint(curr_process_file):
    while not os.path.exists(${JSON.stringify(signal)}):
        time.sleep(0.02)
    return {"file": curr_process_file}
`;

const never = () => new AbortController().signal;
const nothing = { onSnapshot: () => {}, onNotice: () => {} };

/** Another process works on it, as when a command is typed in a second terminal. */
async function onThisMachine(): Promise<AtWork> {
  const project = await newProject({
    'config.yaml': 'data_bucket: ./data\n',
    'data/a.bin': 'x',
    'data/b.bin': 'x',
  });
  const { folder } = project;
  const signal = join(folder, '.go');
  await writeFile(join(folder, 'entrypoint.py'), entrypoint(signal));
  cleanUps.push(project.remove);
  const started = startCommand(['start', '-p', folder, '-n', '0', '-s', '2', '--name', 'calm-owls']);
  const runs = new ProjectRuns(folder, () => Promise.reject(new Error('asked for AWS')));
  const go = async () => {
    await writeFile(signal, '');
    await started.finished;
  };
  cleanUps.push(go);
  for (;;) {
    const [found] = await runs.list();
    if (found?.live?.progress?.busy === 2) break;
    if (started.process.exitCode !== null) throw new Error((await started.finished).stderr);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return { folder, runs, run: await runs.open('calm-owls'), go };
}

async function onAws(): Promise<AtWork> {
  const { folder, account, go } = await begun();
  const runs = new ProjectRuns(folder, async () => account.cloud, 0.001);
  const finish = async () => {
    go();
    await account.settled();
  };
  cleanUps.push(finish);
  return { folder, runs, run: await runs.open('calm-owls'), go: finish };
}

describe.each([
  ['on this machine', onThisMachine],
  ['on AWS', onAws],
])('a run %s', (_, start) => {
  test('at work, it says so; what it has done can be read, and its results not yet', async () => {
    const { run, runs, folder } = await start();
    const status = await run.status('quick');
    expect(status).toMatchObject({ run: 'calm-owls', state: 'running', exitCode: null, error: null });
    expect(isAtWork(status)).toBe(true);
    expect(status.at).toBeGreaterThanOrEqual(status.request?.requestedAt ?? Number.POSITIVE_INFINITY);
    expect((await run.request()).run).toBe('calm-owls');
    expect(await run.details(status)).toMatchObject({ failures: [], results: null, edited: 0 });
    await expect(run.results({ to: join(folder, 'results'), rebuild: false })).rejects.toThrow(GcdError);
    expect(await (await run.logs()).refresh()).toBe(true);
    const sampler = await run.usage();
    expect(await sampler.take()).toMatchObject({ run: 'calm-owls' });
    sampler.close();
    expect((await runs.list()).map((one) => one.run)).toEqual(['calm-owls']);
  });

  test('is followed to its end, which is then its status', async () => {
    const { run, go } = await start();
    const snapshots: RunSnapshot[] = [];
    const following = run.follow({
      ...{ ...nothing, signal: never() },
      onSnapshot: (snapshot) => void snapshots.push(snapshot),
    });
    while (snapshots.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await go();
    const end = await following;
    expect(end?.outcome).toEqual({ state: 'done', exitCode: 0, error: null });
    const { tasks } = end?.status ?? {};
    expect(tasks).toMatchObject({ failed: 0, exact: true });
    expect(tasks?.succeeded).toBe(tasks?.total);
    expect(await run.status('exact')).toMatchObject({ state: 'done', exitCode: 0, tasks });
    expect(end?.status?.live).toBeUndefined();
  });

  test('goes on when nobody follows it any more', async () => {
    const { run, go } = await start();
    const leaving = new AbortController();
    const end = await run.follow({ ...nothing, signal: leaving.signal, onSnapshot: () => leaving.abort() });
    expect(end).toBeUndefined();
    expect((await run.status('quick')).state).toBe('running');
    await go();
    expect((await run.status('exact')).state).toBe('done');
  });

  test('that has ended gives its results, has them made again, and has nothing to stop', async () => {
    const { run, folder, go } = await start();
    await go();
    const to = join(folder, 'elsewhere');
    const first = await run.results({ to, rebuild: false });
    expect(first).toMatchObject({ rebuilt: false, folder: to, missing: [], copy: null });
    const table = readFileSync(join(to, 'results.csv'), 'utf8');
    expect(first.files).toEqual(expect.arrayContaining(['results.csv', 'logs.csv', 'report.html']));
    expect(await run.results({ to, rebuild: true })).toMatchObject({ rebuilt: true });
    expect(readFileSync(join(to, 'results.csv'), 'utf8')).toBe(table);
    const status = await run.status('exact');
    expect((await run.details(status)).results).toMatchObject({ complete: true });
    expect(await run.stop('now', { ...nothing, signal: never() })).toBeUndefined();
    expect(await (await run.usage()).take()).toBeUndefined();
    expect(await (await run.logs()).refresh()).toBe(false);
  });

  test.each(['drain', 'now'] as const)('that is asked to stop (%s) is not running any more', async (how) => {
    const { run, go } = await start();
    const requested = await run.stop(how, { ...nothing, signal: never() });
    // Where nothing has begun there is nothing to drain.
    expect(['now', how]).toContain(requested?.how);
    expect(requested?.lines[0]).toContain('calm-owls');
    const following = run.follow({ ...nothing, signal: never() });
    await go();
    const end = await following;
    expect(['stopped', 'done']).toContain(end?.outcome.state);
    expect(end?.status?.owner).toBeUndefined();
  });

  test('is found by its name alone', async () => {
    const { runs } = await start();
    expect((await runs.open(undefined, { atWork: true })).name).toBe('calm-owls');
    await expect(runs.open('no-such')).rejects.toMatchObject({ name: 'RunNotFound' });
    expect(existsSync(join(runs.project, '.gcd/runs/no-such'))).toBe(false);
  });
});
