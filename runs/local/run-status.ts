/** Status of a run on this machine: from its lock, live.json, its events and its parts. */
import { hostname } from 'node:os';
import type { Owner } from '../../adapters/local/locks/owner-lock.ts';
import { liveOf, readControl, readLive } from '../../adapters/local/runs/live-file.ts';
import { readRemote } from '../../adapters/local/runs/remote-file.ts';
import type { RunsFolder } from '../../adapters/local/runs/runs-folder.ts';
import { FolderStore } from '../../adapters/local/store/folder-store.ts';
import { describeError, type ExitCode, NotFound } from '../../core/errors/errors.ts';
import type { RunEvent } from '../../core/run-store/events/events.ts';
import { History, isEvent } from '../../core/run-store/events/history.ts';
import { layout } from '../../core/run-store/layout.ts';
import { jsonLines } from '../../core/run-store/records/lines.ts';
import type { RunRequest } from '../../core/run-store/request/request.ts';
import {
  countParts,
  gatheredCounts,
  plannedTasks,
  sizeOfParts,
  withProgress,
} from '../../core/run-store/status/counts.ts';
import type { Live } from '../../core/run-store/status/live.ts';
import { outcomeOf } from '../../core/run-store/status/outcome.ts';
import type { Remote } from '../../core/run-store/status/remote.ts';
import type { Counts, RunStatus } from '../../core/run-store/status/run-status.ts';

/** Bytes of parts that may be read to count records; beyond that the last published figures are used. */
export interface Budget {
  bytes: number;
}

/** Counts everything. */
export const unlimited = (): Budget => ({ bytes: Number.POSITIVE_INFINITY });
/** Takes about a second. */
export const quick = (): Budget => ({ bytes: 256 * 1024 * 1024 });

/** Never throws because of what is in the run's folder: it may be incomplete, damaged, or deleted meanwhile. */
export async function readRunStatus(runs: RunsFolder, run: string, budget: Budget): Promise<RunStatus> {
  const folder = runs.folderOf(run);
  const known = { run, folder, request: undefined as RunRequest | undefined };
  try {
    known.request = await runs.request(run);
    const remote = readRemote(folder);
    if (remote) return lastSeen({ ...known, request: known.request }, remote);
    return await readWhole(runs, { ...known, request: known.request }, budget);
  } catch (error) {
    const owner = runs.owner(run);
    const isBeginning = owner !== undefined && !known.request && error instanceof NotFound;
    return {
      ...known,
      ...nothing(),
      ...ownership(owner),
      history: new History(),
      state: isBeginning ? 'beginning' : 'damaged',
      error: isBeginning ? null : why(error),
    };
  }
}

/** The last polled status: lists of runs make no request to AWS. */
function lastSeen(known: Known, remote: Remote): RunStatus {
  const { seen } = remote;
  return {
    ...{ ...known, ...nothing(), remote, owner: undefined, elsewhere: false, history: new History() },
    state: seen?.state ?? 'remote',
    exitCode: (seen?.exitCode ?? null) as ExitCode | null,
    ...(seen && {
      tasks: { succeeded: seen.succeeded, failed: seen.failed, total: seen.total, exact: true },
    }),
  };
}

type Known = Pick<RunStatus, 'run' | 'folder'> & { request: RunRequest };

async function readWhole(runs: RunsFolder, known: Known, budget: Budget): Promise<RunStatus> {
  const store = new FolderStore(known.folder);
  // The process may change while files are read: read again until they belong to one process.
  for (let tries = 1; ; tries++) {
    const owner = runs.owner(known.run);
    const history = await readHistory(store);
    if (tries < 5 && runs.owner(known.run)?.pid !== owner?.pid) continue;
    const last = readLive(known.folder);
    const live = liveOf(known.folder, owner);
    const status = { ...known, ...nothing(), ...ownership(owner), history, live };
    const total = await plannedTasks(store, known.request.repetitions);
    const gathered = history.gathered ? await gatheredCounts(store) : undefined;
    const { succeeded, failed, ...counted } =
      gathered ?? (await countUngathered(store, known.request, last, live !== undefined, budget));
    const tasks = { succeeded, failed, total, exact: !('exact' in counted) };
    const seconds = history.secondsAtWork(now(live, owner) ?? last?.at);
    const state = live ? (asked(known.folder) ? 'stopping' : 'running') : 'held';
    if (owner) return { ...status, state, tasks, seconds };
    return { ...status, ...outcomeOf(history, tasks, total), summary: gathered?.summary, tasks, seconds };
  }
}

async function countUngathered(
  store: FolderStore,
  { repetitions }: RunRequest,
  last: Live | undefined,
  isLive: boolean,
  budget: Budget,
): Promise<Counts & { exact?: false }> {
  if (last?.progress && isLive) return withProgress(store, last.progress);
  const size = await sizeOfParts(store);
  if (last?.progress && size > budget.bytes)
    return { ...(await withProgress(store, last.progress)), exact: false };
  budget.bytes -= size;
  return countParts(store, repetitions);
}

async function readHistory(store: FolderStore): Promise<History> {
  const history = new History();
  for await (const event of jsonLines<RunEvent>(store, layout.events))
    if (isEvent(event)) history.take(event);
  return history;
}

/** The clock of the machine that works on it; undefined when nobody does. */
function now(live: Live | undefined, owner: Owner | undefined): number | undefined {
  if (!live || !owner) return undefined;
  return owner.host === hostname() ? Date.now() / 1000 : live.at;
}

const asked = (folder: string) => readControl(folder) !== undefined;

const ownership = (owner: Owner | undefined) => ({
  owner,
  elsewhere: owner !== undefined && owner.host !== hostname(),
});

const nothing = () => ({
  at: Date.now() / 1000,
  dollars: null,
  exitCode: null,
  error: null,
  live: undefined,
  summary: undefined,
  tasks: { succeeded: 0, failed: 0, total: null, exact: true },
  seconds: 0,
});

function why(error: unknown): { name: string; message: string } {
  return error instanceof NotFound
    ? {
        name: error.name,
        message: 'its process was killed before the run started; the next start deletes it',
      }
    : describeError(error);
}
