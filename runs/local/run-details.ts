/** What is worth knowing of one run besides its status. */
import type { RunsFolder } from '../../adapters/local/runs/runs-folder.ts';
import { FolderStore } from '../../adapters/local/store/folder-store.ts';
import { layout } from '../../core/run-store/layout.ts';
import { gatheredCounts } from '../../core/run-store/status/counts.ts';
import { failuresInParts, gatheredFailures, named } from '../../core/run-store/status/first-failures.ts';
import {
  isAtWork,
  type RunDetails,
  type RunSnapshot,
  type RunStatus,
} from '../../core/run-store/status/run-status.ts';
import { editedSince } from '../prepare-run.ts';

const failuresShown = 3;

export async function readDetails(runs: RunsFolder, status: RunStatus): Promise<RunDetails> {
  const { request, tasks, history, live, summary } = status;
  const store = new FolderStore(status.folder);
  const rate = live ? liveRate(live, history.handedOutAt) : summary ? meanRate(summary) : null;
  const left = tasks.total === null ? 0 : tasks.total - tasks.succeeded - tasks.failed;
  return {
    rate,
    secondsLeft: live && rate !== null && left > 0 ? left / rate : null,
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

function liveRate({ at, workers }: RunSnapshot, since: number | undefined): number | null {
  const ended = workers.reduce((sum, { succeeded, failed }) => sum + succeeded + failed, 0);
  return since !== undefined && at > since && ended > 0 ? ended / (at - since) : null;
}

function meanRate({ repetitions }: NonNullable<RunStatus['summary']>): number | null {
  const ended = repetitions.reduce((sum, { succeeded, failed }) => sum + succeeded + failed, 0);
  const seconds = repetitions.reduce((sum, { parallelSeconds }) => sum + parallelSeconds, 0);
  return seconds > 0 ? ended / seconds : null;
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
