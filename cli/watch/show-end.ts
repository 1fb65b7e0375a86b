/** What is said, and with which exit code, when a run that was followed has ended. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunsFolder } from '../../adapters/local/runs/runs-folder.ts';
import type { History } from '../../functions/status/history.ts';
import { type Outcome, outcomeOf } from '../../functions/status/outcome.ts';
import { NotFound } from '../../ports/errors.ts';
import { readDetails } from '../../walker/run-details.ts';
import { quick, type RunStatus, readRunStatus, unlimited } from '../../walker/run-status.ts';
import { detailLines } from '../status/details.ts';
import { detailsJson } from '../status/json.ts';

export interface Shown {
  project: string;
  runs: RunsFolder;
  json: boolean;
}

/** Prints the status of a run as `status RUN` does. */
export async function showStatus({ project, runs, json }: Shown, run: string): Promise<RunStatus> {
  const status = await readRunStatus(runs, run, unlimited());
  const details = await readDetails(runs, status);
  const context = { project, now: Date.now() / 1000 };
  if (json) console.log(JSON.stringify(detailsJson(status, details, context), undefined, 2));
  else for (const line of detailLines(status, details, context)) console.log(line);
  return status;
}

const patienceMs = 3000;
const lookMs = 50;

/** Whether the run is still there. One that failed before any task ended removes itself, after it gave its lock back. */
async function stays(runs: RunsFolder, run: string, { end }: History): Promise<boolean> {
  const isThere = async () => (await runs.names()).includes(run);
  const until = performance.now() + patienceMs;
  while (end?.outcome === 'failed' && performance.now() < until && (await isThere())) {
    const { tasks, owner } = await readRunStatus(runs, run, quick());
    if (owner || tasks.succeeded + tasks.failed > 0) break;
    await sleep(lookMs);
  }
  return isThere();
}

/**
 * @param history what was seen of it
 * @returns how it ended; also of a run that has removed itself, because nothing was done in it
 */
export async function showEnd(shown: Shown, run: string, history: History): Promise<Outcome> {
  if (await stays(shown.runs, run, history)) {
    const { state, exitCode, error } = await showStatus(shown, run);
    if (exitCode !== null) return { state, exitCode, error } as Outcome;
    // Taken up again meanwhile: what counts is how it ended that was followed.
    return outcomeOf(history, { succeeded: 0, failed: 0 }, null);
  }
  const outcome = outcomeOf(history, { succeeded: 0, failed: 0 }, null);
  const { name, message } = outcome.error ?? new NotFound('it was removed');
  if (shown.json) console.log(JSON.stringify({ run, ...outcome, removed: true }, undefined, 2));
  else {
    console.error(`run ${run} has ended before any task did, and nothing is left of it`);
    console.error(`${name}: ${message}`);
  }
  return outcome;
}
