import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { RunsFolder } from '../../../../adapters/local/runs/runs-folder.ts';
import { MemoryStore } from '../../../../adapters/memory/store.ts';
import { endRemote } from '../../../../cli/cloud/end.ts';
import { printStatus } from '../../../../cli/cloud/status.ts';
import type { Look } from '../../../../cloud/look.ts';
import type { Cloud } from '../../../../cloud/ports.ts';
import { History } from '../../../../functions/status/history.ts';
import { layout } from '../../../../ports/layout.ts';
import { eksRequest } from '../../../support/cloud/run.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gcd-end-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  jest.restoreAllMocks();
});

const look: Look = {
  ...{ at: 9, run: 'r', execution: 'r-1', executions: 1, state: 'stopped', exitCode: 130, error: null },
  ...{ history: new History(), detail: '', progress: null, workers: [], dollars: null },
  tasks: { succeeded: 1, failed: 0, total: 3, exact: true },
  summary: null,
};

const request = () => ({ ...eksRequest(), project: folder });

test('the cause of a run that failed is shown line by line', async () => {
  const said = jest.spyOn(console, 'error').mockImplementation(() => {});
  const error = { name: 'WorkersFailed', message: 'It cannot be imported.\nTraceback:\n  line 1\u001b[2J' };
  const failed = { ...look, state: 'failed' as const, exitCode: 3, error };
  const code = await endRemote({} as Cloud, new MemoryStore(), request(), failed, {
    ...{ json: false, to: folder },
  });
  expect(code).toBe(3);
  const text = said.mock.calls.map(([line]) => line).join('\n');
  expect(text).toContain('WorkersFailed: It cannot be imported.\n  Traceback:\n    line 1\\x1b[2J\n');
});

test.each([
  ['all that is done', { repetitions: [] } as unknown as Look['summary'], false],
  ['less than is done', null, true],
])('the status of a run that was stopped: its results are those of %s', async (_, summary, isMissing) => {
  const store = new MemoryStore();
  await store.write(layout.result('r.csv'), '');
  const said = jest.spyOn(console, 'log').mockImplementation(() => {});
  const remote = { cluster: 'c', seen: null, stack: 's', region: 'us-west-2', bucket: 'b' };
  const runs = new RunsFolder(folder);
  await printStatus(runs, request(), store, { ...look, summary }, { json: false, remote });
  const text = said.mock.calls.map(([line]) => line).join('\n');
  expect(text).toContain('r.csv');
  expect(text.includes('not of all that is done')).toBe(isMissing);
});
