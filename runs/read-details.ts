/** What a person wants to know of a run besides its status. */
import type { RunsFolder } from '../adapters/local/runs/runs-folder.ts';
import { rateOf } from '../core/estimate/rate.ts';
import { timeLeftAt } from '../core/estimate/time-left.ts';
import { layout } from '../core/run-store/layout.ts';
import type { Plan } from '../core/run-store/plan/plan.ts';
import { isResultOf } from '../core/run-store/result-names.ts';
import { gatheredCounts } from '../core/run-store/status/counts.ts';
import { failuresInParts, gatheredFailures, named } from '../core/run-store/status/first-failures.ts';
import {
  type FailedTask,
  isAtWork,
  type RunDetails,
  type RunStatus,
} from '../core/run-store/status/run-status.ts';
import { readJson, type Store } from '../core/store.ts';
import { editedSince } from './prepare-run.ts';

const maxFailures = 3;

export interface DetailsOf {
  /** The run's. */
  store: Store;
  status: RunStatus;
  /** Whether failures are read from parts when nothing was gathered: in a bucket that may take thousands of requests. */
  readParts: boolean;
}

/** @throws AccessDenied, Unreachable, and whatever a damaged file causes */
export async function readDetails(runs: RunsFolder, of: DetailsOf): Promise<RunDetails> {
  const { status } = of;
  return {
    rate: rateOf(status),
    timeLeft: await timeLeftOf(of),
    failures: await failuresOf(of),
    results: isAtWork(status) ? null : await resultsOf(of),
    edited: await editedFiles(runs, status),
  };
}

/** As `readDetails`; what is missing or damaged is left out. */
export async function readDetailsLeniently(runs: RunsFolder, of: DetailsOf): Promise<RunDetails> {
  const { status } = of;
  return {
    rate: rateOf(status),
    timeLeft: await timeLeftOf(of).catch(() => null),
    failures: await failuresOf(of).catch(() => []),
    results: isAtWork(status) ? null : await resultsOf(of).catch(() => null),
    edited: await editedFiles(runs, status),
  };
}

/** Null when the frozen code is not on this machine, or damaged. */
async function editedFiles(runs: RunsFolder, { request }: RunStatus): Promise<number | null> {
  if (!request) return null;
  return editedSince(runs, request).then(
    ({ length }) => length,
    () => null,
  );
}

async function timeLeftOf({ store, status }: DetailsOf): Promise<RunDetails['timeLeft']> {
  const { state, live, request } = status;
  if (state !== 'running' || !live?.progress || !request) return null;
  const plan = await readJson<Plan>(store, layout.plan);
  return plan ? timeLeftAt(live, plan, request) : null;
}

async function failuresOf({ store, status, readParts }: DetailsOf): Promise<FailedTask[]> {
  const { tasks, summary, live, request } = status;
  if (tasks.failed === 0) return [];
  if (summary) return gatheredFailures(store, maxFailures);
  const first = live?.progress?.firstFailure;
  if (live || !readParts) return first ? named(store, [first]) : [];
  return failuresInParts(store, request?.repetitions ?? 1, maxFailures);
}

async function resultsOf({ store, status }: DetailsOf): Promise<RunDetails['results']> {
  const { request, tasks, history, summary } = status;
  const files: string[] = [];
  const prefix = layout.result('');
  const isResult = request ? isResultOf(request) : () => true;
  for await (const { key } of store.list(prefix)) {
    const name = key.slice(prefix.length);
    if (isResult(name)) files.push(name);
  }
  if (files.length === 0) return null;
  // After a kill they are those of an earlier execution, unless they were rebuilt since.
  const counts = await gatheredCounts(store);
  const isSame = counts?.succeeded === tasks.succeeded && counts.failed === tasks.failed;
  return {
    folder: `${store.location}/results`,
    files,
    complete: history.gathered || summary !== undefined || isSame,
  };
}
