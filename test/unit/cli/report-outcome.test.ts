import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { RunsFolder } from '../../../adapters/local/runs/runs-folder.ts';
import { reportStatus } from '../../../cli/follow/report-outcome.ts';
import { showStatus } from '../../../cli/status/show.ts';
import { MemoryStore } from '../../../core/memory-store.ts';
import { History } from '../../../core/run-store/events/history.ts';
import { layout } from '../../../core/run-store/layout.ts';
import type { RunStatus } from '../../../core/run-store/status/run-status.ts';
import { AwsRun } from '../../../runs/aws/aws-run.ts';
import type { Cloud } from '../../../runs/aws/cloud.ts';
import { eksRequest } from '../../support/cloud/run.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gcd-end-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  jest.restoreAllMocks();
});

const remote = { cluster: 'c', seen: null, stack: 's', region: 'us-west-2', bucket: 'b' };

const stopped: RunStatus = {
  ...{ at: 9, run: 'r', folder: '/none', execution: 'r-1', state: 'stopped', exitCode: 130, error: null },
  ...{ request: eksRequest(), owner: undefined, elsewhere: false, history: new History(), live: undefined },
  ...{ summary: undefined, tasks: { succeeded: 1, failed: 0, total: 3, exact: true }, seconds: 1 },
  ...{ remote, dollars: null },
};

/** A run whose files are in memory. */
async function runWith(store: MemoryStore): Promise<AwsRun> {
  const runs = new RunsFolder(folder);
  await mkdir(runs.folderOf('r'), { recursive: true });
  await writeFile(join(runs.folderOf('r'), layout.request), JSON.stringify(eksRequest()));
  const cloud = { store: () => store } as unknown as Cloud;
  return new AwsRun(runs, { name: 'r', remote, connect: async () => cloud });
}

test('the cause of a run that failed is shown line by line', async () => {
  const said = jest.spyOn(console, 'error').mockImplementation(() => {});
  const error = { name: 'WorkersFailed', message: 'It cannot be imported.\nTraceback:\n  line 1\u001b[2J' };
  const failed: RunStatus = { ...stopped, state: 'failed', exitCode: 3, error };
  const code = await reportStatus(await runWith(new MemoryStore()), failed, { json: false });
  expect(code).toBe(3);
  const text = said.mock.calls.map(([line]) => line).join('\n');
  expect(text).toContain('WorkersFailed: It cannot be imported.\n  Traceback:\n    line 1\\x1b[2J\n');
});

test.each([
  ['all that is done', { repetitions: [] } as unknown as RunStatus['summary'], false],
  ['less than is done', undefined, true],
])('the status of a run that was stopped: its results are those of %s', async (_, summary, isMissing) => {
  const store = new MemoryStore();
  await store.write(layout.result('r.csv'), '');
  const said = jest.spyOn(console, 'log').mockImplementation(() => {});
  await showStatus(await runWith(store), { json: false, status: { ...stopped, summary } });
  const text = said.mock.calls.map(([line]) => line).join('\n');
  expect(text).toContain('r.csv');
  expect(text.includes('not of all that is done')).toBe(isMissing);
});
