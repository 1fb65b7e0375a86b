/** What is worth knowing of one run besides its status. */
import type { RunsFolder } from '../../adapters/local/runs/runs-folder.ts';
import { FolderStore } from '../../adapters/local/store/folder-store.ts';
import { rateOf } from '../../core/estimate/rate.ts';
import { timeLeftAt } from '../../core/estimate/time-left.ts';
import { layout } from '../../core/run-store/layout.ts';
import type { Plan } from '../../core/run-store/plan/plan.ts';
import { gatheredCounts } from '../../core/run-store/status/counts.ts';
import { failuresInParts, gatheredFailures, named } from '../../core/run-store/status/first-failures.ts';
import { isAtWork, type RunDetails, type RunStatus } from '../../core/run-store/status/run-status.ts';
import { readJson } from '../../core/store.ts';
import { editedSince } from '../prepare-run.ts';

const failuresShown = 3;

export async function readDetails(runs: RunsFolder, status: RunStatus): Promise<RunDetails> {
  const { request } = status;
  const store = new FolderStore(status.folder);
  return {
    rate: rateOf(status),
    timeLeft: await orElse(null, () => timeLeftOf(store, status)),
    failures: await orElse([], () => failuresOf(store, status)),
    results: isAtWork(status) ? null : await orElse(null, () => resultsOf(store, status)),
    edited: request ? await orElse(null, async () => (await editedSince(runs, request)).length) : null,
  };
}

/** What is told besides may be missing or damaged: the rest is told all the same. */
async function orElse<Value>(value: Value, read: () => Promise<Value>): Promise<Value> {
  try {
    return await read();
  } catch {
    return value;
  }
}

async function timeLeftOf(
  store: FolderStore,
  { state, live, request }: RunStatus,
): Promise<RunDetails['timeLeft']> {
  if (state !== 'running' || !live?.progress || !request) return null;
  const plan = await readJson<Plan>(store, layout.plan);
  return plan ? timeLeftAt(live, plan, request) : null;
}

async function failuresOf(store: FolderStore, { tasks, summary, live, request }: RunStatus) {
  if (tasks.failed === 0) return [];
  if (summary) return gatheredFailures(store, failuresShown);
  const first = live?.progress?.firstFailure;
  if (live) return first ? named(store, [first]) : [];
  return failuresInParts(store, request?.repetitions ?? 1, failuresShown);
}

async function resultsOf(store: FolderStore, { tasks, history }: RunStatus): Promise<RunDetails['results']> {
  const files: string[] = [];
  const prefix = layout.result('');
  for await (const { key } of store.list(prefix)) files.push(key.slice(prefix.length));
  if (files.length === 0) return null;
  // After a kill they are those of an earlier execution, unless they were made anew since.
  const counts = await gatheredCounts(store);
  const isSame = counts?.succeeded === tasks.succeeded && counts.failed === tasks.failed;
  return { folder: store.path(prefix.slice(0, -1)), files, complete: history.gathered || isSame };
}
