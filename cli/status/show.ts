/** Prints the status of one run. */
import type { RunStatus } from '../../core/run-store/status/run-status.ts';
import type { Run, RunEnd } from '../../ports/runs.ts';
import { detailLines } from './details.ts';
import { detailsJson } from './json.ts';

/** As `status RUN` does. @param status default: read exactly, now */
export async function showStatus(
  run: Run,
  { json, status }: { json: boolean; status?: RunStatus | undefined },
): Promise<RunStatus> {
  const shown = status ?? (await run.status('exact'));
  const details = await run.details(shown);
  const context = { project: run.project, now: shown.at };
  if (json) console.log(JSON.stringify(detailsJson(shown, details, context), undefined, 2));
  else for (const line of detailLines(shown, details, context)) console.log(line);
  return shown;
}

/** A run that was followed to its end; also one that has removed itself, because nothing was done in it. */
export async function showEnd(run: Run, { outcome, status }: RunEnd, json: boolean): Promise<void> {
  if (status) {
    await showStatus(run, { json, status });
    return;
  }
  if (json) console.log(JSON.stringify({ run: run.name, ...outcome, removed: true }, undefined, 2));
  else {
    console.error(`run ${run.name} has ended before any task did, and nothing is left of it`);
    if (outcome.error) console.error(`${outcome.error.name}: ${outcome.error.message}`);
  }
}
