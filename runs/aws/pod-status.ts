/** What the pods of a run say of themselves: `workers/<pod>.json`, written by each, the less often the longer it lives (worker/PROTOCOL.md). */
import { readJson } from '../../functions/status/counts.ts';
import { layout } from '../../ports/layout.ts';
import type { WorkerStatus } from '../../ports/run-status.ts';
import type { Store } from '../../ports/store.ts';

/** `worker` is the pod's name. */
export interface PodStatus extends WorkerStatus {
  /** When it wrote this, and when it means to write again: seconds since 1970. */
  at: number;
  next?: number;
  execution: string;
  state: 'starting' | 'idle' | 'working' | 'stopping';
  /** Cores that it used of late, and bytes that it has and may have. */
  cpu: number;
  memory: number;
  memoryLimit: number | null;
}

/** One that is so many seconds late is gone. */
const goneAfter = 120;
/** Of one that does not say when it writes again. */
const interval = 30;
const atOnce = 32;

/** What was read before, by key, and when there is something new to read: seconds since 1970. */
export type KnownStates = Map<string, { state: PodStatus | undefined; due: number }>;

/**
 * Those of an execution that are there, in order of their nodes and names.
 * @param known what earlier looks have read: nobody's state is read again before it is due
 */
export async function readWorkers(
  store: Store,
  execution: string,
  now: number,
  known: KnownStates = new Map(),
): Promise<PodStatus[]> {
  const keys: string[] = [];
  for await (const { key } of store.list(layout.workers))
    if (now >= (known.get(key)?.due ?? 0)) keys.push(key);
  const read = async () => {
    for (let key = keys.pop(); key !== undefined; key = keys.pop()) {
      const state = await readJson<PodStatus>(store, key);
      // Pods of other executions do not come back.
      const isOld = state !== undefined && state.execution !== execution;
      const due = isOld ? Number.POSITIVE_INFINITY : readAgain(state ? nextOf(state) : now + interval, now);
      known.set(key, { state, due });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, read));
  const found = [...known.values()]
    .map(({ state }) => state)
    .filter((state): state is PodStatus => state?.execution === execution)
    .filter((state) => now < nextOf(state) + goneAfter);
  const nameOf = ({ node, worker }: PodStatus) => `${node} ${worker}`;
  return found.sort((a, b) => nameOf(a).localeCompare(nameOf(b), 'en', { numeric: true }));
}

const nextOf = ({ at, next }: PodStatus) => next ?? at + interval;

/** One that is late may come at any time; one that is gone hardly. */
function readAgain(next: number, now: number): number {
  if (now < next) return next;
  return now < next + goneAfter ? now : now + 2 * interval;
}
