/** What the pods of a run say of themselves: `workers/<pod>.json`, written by each, the less often the longer it lives (worker/PROTOCOL.md). */

import pMap from 'p-map';
import { layout } from '../../../core/run-store/layout.ts';
import type { WorkerState } from '../../../core/run-store/status/live.ts';
import type { Store } from '../../../core/store.ts';
import { readJson } from '../../../core/store.ts';

/** One that is so many seconds late is gone. */
const goneAfter = 120;
/** Of one that does not say when it writes again. */
const interval = 30;
const concurrency = 32;

/** What was read before, by key, and when there is something new to read: seconds since 1970. */
export type KnownStates = Map<string, { state: WorkerState | undefined; due: number }>;

/**
 * Those of an execution that are there, in order of their nodes and names.
 * @param known what earlier looks have read: nobody's state is read again before it is due
 */
export async function readWorkers(
  store: Store,
  execution: string,
  now: number,
  known: KnownStates = new Map(),
): Promise<WorkerState[]> {
  const keys: string[] = [];
  for await (const { key } of store.list(layout.workers))
    if (now >= (known.get(key)?.due ?? 0)) keys.push(key);
  const read = async (key: string) => {
    const state = await readJson<WorkerState>(store, key);
    // Pods of other executions do not come back.
    const isOld = state !== undefined && state.execution !== execution;
    const due = isOld ? Number.POSITIVE_INFINITY : readAgain(state ? nextOf(state) : now + interval, now);
    known.set(key, { state, due });
  };
  await pMap(keys, read, { concurrency });
  const found = [...known.values()]
    .map(({ state }) => state)
    .filter((state): state is WorkerState => state?.execution === execution)
    .filter((state) => now < nextOf(state) + goneAfter);
  const nameOf = ({ node, worker }: WorkerState) => `${node} ${worker}`;
  return found.sort((a, b) => nameOf(a).localeCompare(nameOf(b), 'en', { numeric: true }));
}

const nextOf = ({ at, next }: WorkerState) => next ?? at + interval;

/** One that is late may come at any time; one that is gone hardly. */
function readAgain(next: number, now: number): number {
  if (now < next) return next;
  return now < next + goneAfter ? now : now + 2 * interval;
}
