import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, jest, test } from '@jest/globals';
import { RunsFolder } from '../../../adapters/local/runs/runs-folder.ts';
import { showEnd } from '../../../cli/status/show.ts';
import { History } from '../../../core/run-store/events/history.ts';
import { LocalRun } from '../../../runs/local/local-run.ts';

const project = mkdtempSync(join(tmpdir(), 'gcd-end-'));
afterEach(() => {
  rmSync(project, { recursive: true });
  jest.restoreAllMocks();
});

/** A run that is removed between two looks. */
class Vanishing extends RunsFolder {
  override async names(): Promise<string[]> {
    const names = await super.names();
    rmSync(this.folderOf('one'), { recursive: true, force: true });
    return names;
  }
}

test('a run that removes itself after it gave its lock back is not taken for a damaged one', async () => {
  const runs = new Vanishing(project);
  mkdirSync(runs.folderOf('one'), { recursive: true });
  const history = new History();
  history.take({ at: 1, event: 'execution-started', execution: 'one-1' });
  const why = { error: 'InstallFailed', cause: 'no such package' };
  history.take({ at: 2, event: 'execution-ended', outcome: 'failed', ...why });
  const printed = jest.spyOn(console, 'log').mockImplementation(() => {});
  const run = new LocalRun(runs, project, 'one');
  const end = await run.endOf(history);
  expect(end).toMatchObject({ status: null, outcome: { state: 'failed', exitCode: 3 } });
  await showEnd(run, end, true);
  expect(JSON.parse(printed.mock.calls[0]?.[0] as string)).toEqual({
    run: 'one',
    state: 'failed',
    exitCode: 3,
    error: { name: 'InstallFailed', message: 'no such package' },
    removed: true,
  });
});
