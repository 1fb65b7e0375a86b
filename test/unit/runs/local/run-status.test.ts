import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { takeOwnerLock } from '../../../../adapters/local/locks/owner-lock.ts';
import { RunsFolder } from '../../../../adapters/local/runs/runs-folder.ts';
import { nameOfRun, readRuns } from '../../../../runs/local/list-runs.ts';
import { readRunStatus, unlimited } from '../../../../runs/local/run-status.ts';
import { localRequest } from '../../../support/memory/local-request.ts';

let project: string;
let runs: RunsFolder;
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'gcd-status-'));
  runs = new RunsFolder(project);
});
afterEach(() => rmSync(project, { recursive: true }));

const put = (run: string, path: string, ...lines: unknown[]) => {
  const file = join(runs.folderOf(run), path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
};

const error = { class: 'exception', type: 'E', message: '', traceback: '' };
const record = (status: string, index: number) => ({
  ...{ status, index, task: 'x', attempt: 1, start: 1, end: 2, cpu: 0, memory: 0 },
  ...(status === 'failed' ? { error } : { result: {} }),
});
const progress = (repetition: number, succeeded: number) => ({
  repetition,
  succeeded,
  failed: 0,
  workers: 1,
  busy: 1,
});
const live = (pid: number, of: object) => ({
  at: 5,
  pid,
  hostname: hostname(),
  state: 'x',
  detail: '',
  progress: of,
  workers: [],
});

/** Two repetitions of 10 tasks; the first is done, with a failure; of the second, 3. */
function aRun(run: string, requestedAt: number): void {
  put(run, 'request.json', localRequest(run, { requestedAt, repetitions: 2 }));
  put(run, 'plan.json', { tasks: 10 });
  put(
    run,
    'events.jsonl',
    { at: 1, event: 'execution-started' },
    { at: 2, event: 'state-entered', state: 'StartWorkers' },
  );
  const first = Array.from({ length: 9 }, (_, index) => record('succeeded', index));
  put(run, 'parts/1/a.jsonl', ...first, record('failed', 9));
  put(run, 'parts/2/a.jsonl', record('succeeded', 0), record('succeeded', 1), record('succeeded', 2));
}

describe('the counts of a run', () => {
  test('that was killed are those of its parts, or its last words where counting would take long', async () => {
    aRun('one', 1);
    put('one', 'live.json', live(1, progress(2, 2)));
    // What an earlier execution gathered is not all.
    put('one', 'gathered/summary.json', { repetitions: [{ succeeded: 1, failed: 0 }] });
    const exact = await readRunStatus(runs, 'one', unlimited());
    expect(exact.tasks).toEqual({ total: 20, succeeded: 12, failed: 1, exact: true });
    expect(exact).toMatchObject({ state: 'interrupted', seconds: 4 });
    const quick = await readRunStatus(runs, 'one', { bytes: 0 });
    expect(quick.tasks).toEqual({ total: 20, succeeded: 11, failed: 1, exact: false });
  });

  test('that is at work are what its process says, with the repetitions before', async () => {
    aRun('one', 1);
    put('one', 'live.json', live(process.pid, progress(2, 7)));
    const release = takeOwnerLock(join(runs.folderOf('one'), 'lock'));
    expect(await readRunStatus(runs, 'one', unlimited())).toMatchObject({
      state: 'running',
      exitCode: null,
      tasks: { total: 20, succeeded: 16, failed: 1, exact: true },
    });
    put('one', 'control.json', { stop: 'drain' });
    expect(await readRunStatus(runs, 'one', unlimited())).toMatchObject({ state: 'stopping' });
    (release as () => void)();
  });

  test('share what may be read: no more than the first of them are counted', async () => {
    aRun('one', 1);
    const budget = { bytes: 5000 };
    await readRunStatus(runs, 'one', budget);
    expect(budget.bytes).toBeLessThan(5000);
    expect(budget.bytes).toBeGreaterThan(0);
  });
});

describe('the run that is meant', () => {
  test('is the newest at work, or else the newest, or the one of that name', async () => {
    aRun('old', 1);
    aRun('new', 2);
    expect(await nameOfRun(runs, undefined)).toBe('new');
    const release = takeOwnerLock(join(runs.folderOf('old'), 'lock'));
    expect(await nameOfRun(runs, undefined)).toBe('old');
    expect(await nameOfRun(runs, 'new')).toBe('new');
    (release as () => void)();
  });

  test('all of them: newest first, one that is only beginning before, damaged ones behind', async () => {
    aRun('old', 1);
    aRun('new', 2);
    mkdirSync(runs.folderOf('a-damaged'));
    mkdirSync(runs.folderOf('beginning'));
    const release = takeOwnerLock(join(runs.folderOf('beginning'), 'lock'));
    writeFileSync(join(project, '.gcd/runs/a-file'), '');
    expect((await readRuns(runs)).map(({ run, state }) => [run, state])).toEqual([
      ['beginning', 'beginning'],
      ['new', 'interrupted'],
      ['old', 'interrupted'],
      ['a-damaged', 'damaged'],
    ]);
    (release as () => void)();
  });
});
