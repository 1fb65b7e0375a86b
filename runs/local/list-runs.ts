/** Lists the runs of a project, and resolves the name of one. */
import { existsSync } from 'node:fs';
import type { RunsFolder } from '../../adapters/local/runs/runs-folder.ts';
import type { RunStatus } from '../../core/run-store/status/run-status.ts';
import { quick, readRunStatus } from './run-status.ts';

/** All runs of a project, newest first; those without a request, which have no time, come last. */
export async function readRuns(runs: RunsFolder): Promise<RunStatus[]> {
  const found: RunStatus[] = [];
  const budget = quick();
  for (const name of await runs.names()) {
    const status = await readRunStatus(runs, name, budget);
    // It may have been deleted since it was listed.
    if (status.state !== 'damaged' || existsSync(status.folder)) found.push(status);
  }
  const age = ({ request, state }: RunStatus) =>
    request?.requestedAt ?? (state === 'beginning' ? Number.POSITIVE_INFINITY : 0);
  return found.sort((a, b) => age(b) - age(a) || (a.run < b.run ? -1 : 1));
}

/**
 * @param name default: the newest run at work, else the newest
 * @throws RunNotFound; it names those that are there
 */
export async function nameOfRun(runs: RunsFolder, name: string | undefined): Promise<string> {
  if (name !== undefined && (await runs.names()).includes(name)) return name;
  const found = await runs.find(name);
  if (name !== undefined) return found.run;
  const atWork = (await runs.list()).find(({ run }) => runs.owner(run) !== undefined);
  return (atWork ?? found).run;
}
