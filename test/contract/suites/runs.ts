/** What commands may expect of a run, wherever it works. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { GcdError } from '../../../core/errors/errors.ts';
import type { DraftRequest } from '../../../core/run-store/request/draft.ts';
import { isAtWork, type RunSnapshot } from '../../../core/run-store/status/run-status.ts';
import type { ResumeOptions, Run, Runs, StartedRun, StartOptions } from '../../../ports/runs.ts';
import '../../support/jest/captured-output.ts';

/** A run called calm-owls, with tasks that wait. */
export interface AtWork {
  folder: string;
  runs: Runs;
  run: Run;
  /** Lets its tasks end. */
  go(): Promise<void>;
}

const cleanUps: (() => Promise<unknown>)[] = [];
/** Called after the test, the last one first. */
export const afterwards = (cleanUp: () => Promise<unknown>) => void cleanUps.push(cleanUp);
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

/** A project without a run. */
export interface NewProject {
  folder: string;
  runs: Runs;
  /** Of a run called calm-owls. */
  draft: DraftRequest;
  stack?: StartOptions['stack'];
}

const report = { onUnreadable: () => {}, onPacked: () => {}, onNotice: () => {} };
const resumeOptions: ResumeOptions = {
  ...{ retryFailed: false, useEdited: false, renewPackages: false, detach: false, licence: undefined },
  chooseCode: async () => 'frozen',
  report,
};
const startedOf = (resumed: Awaited<ReturnType<Run['resume']>>): StartedRun => {
  if ('complete' in resumed) throw new Error('complete');
  return resumed;
};

const never = () => new AbortController().signal;
const nothing = { onSnapshot: () => {}, onNotice: () => {} };

export const runsContract = (where: string, start: () => Promise<AtWork>) =>
  describe(`a run ${where}`, () => {
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

    test.each(['drain', 'now'] as const)(
      'that is asked to stop (%s) is not running any more',
      async (how) => {
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
      },
    );

    test('at work cannot be resumed', async () => {
      const { run } = await start();
      await expect(run.resume(resumeOptions)).rejects.toMatchObject({ name: 'RunLocked', exitCode: 2 });
      expect((await run.status('quick')).state).toBe('running');
    });

    test('that was stopped is resumed to its end', async () => {
      const { run, runs, go } = await start();
      await run.stop('now', { ...nothing, signal: never() });
      const stopping = run.follow({ ...nothing, signal: never() });
      await go();
      await stopping;
      const started = startedOf(await (await runs.open('calm-owls')).resume(resumeOptions));
      const end = await started.run.follow({ ...nothing, signal: never() });
      await started.close();
      expect(end?.outcome).toEqual({ state: 'done', exitCode: 0, error: null });
      const { tasks } = await run.status('exact');
      expect(tasks).toMatchObject({ succeeded: tasks.total, failed: 0 });
    });

    test('is found by its name alone', async () => {
      const { runs } = await start();
      expect((await runs.open(undefined, { atWork: true })).name).toBe('calm-owls');
      await expect(runs.open('no-such')).rejects.toMatchObject({ name: 'RunNotFound' });
      expect(existsSync(join(runs.project, '.gcd/runs/no-such'))).toBe(false);
    });
  });

export const startContract = (where: string, prepare: () => Promise<NewProject>) =>
  describe(`a run that is started ${where}`, () => {
    const started = async () => {
      const { runs, draft, stack, folder } = await prepare();
      const options = { report, ...(stack && { stack }) };
      const start = () => runs.start(draft, options);
      return { runs, folder, start };
    };

    test('is followed to its end, and its results are copied', async () => {
      const { runs, folder, start } = await started();
      const { run, close } = await start();
      const states = new Set<string>();
      const end = await run.follow({
        ...{ ...nothing, signal: never() },
        onSnapshot: ({ state }) => void states.add(state),
      });
      expect(end).toMatchObject({ outcome: { state: 'done', exitCode: 0, error: null } });
      expect(end?.status?.tasks).toMatchObject({ failed: 0, succeeded: end?.status?.tasks.total });
      const to = join(folder, 'elsewhere');
      expect((await run.copyResults(to))?.files).toEqual(expect.arrayContaining(['results.csv']));
      expect(existsSync(join(to, 'results.csv'))).toBe(true);
      await close();
      expect((await (await runs.open('calm-owls')).status('exact')).state).toBe('done');
    });

    test('is known by its name, which no other run takes', async () => {
      const { runs, start } = await started();
      const { run, close } = await start();
      await expect(start()).rejects.toMatchObject({ name: 'UsageError' });
      expect((await runs.open('calm-owls')).name).toBe('calm-owls');
      await run.follow({ ...nothing, signal: never() });
      await close();
      expect((await runs.list()).map(({ run: name }) => name)).toEqual(['calm-owls']);
    });

    test('and has done all leaves nothing to a second execution', async () => {
      const { runs, start } = await started();
      const first = await start();
      await first.run.follow({ ...nothing, signal: never() });
      await first.close();
      const run = await runs.open('calm-owls');
      const before = await run.status('exact');
      const resumed = await run.resume(resumeOptions);
      if (!('complete' in resumed)) {
        await resumed.run.follow({ ...nothing, signal: never() });
        await resumed.close();
      }
      expect((await run.status('exact')).tasks).toEqual(before.tasks);
    });

    test('takes no option that a run there does not have', async () => {
      const { runs, start } = await started();
      const first = await start();
      await first.run.follow({ ...nothing, signal: never() });
      await first.close();
      const run = await runs.open('calm-owls');
      const wrong = first.remote ? { renewPackages: true } : { detach: true };
      await expect(run.resume({ ...resumeOptions, ...wrong })).rejects.toMatchObject({ name: 'UsageError' });
    });
  });
