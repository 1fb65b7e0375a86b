/** What the pods of a run say of themselves: `workers/<pod>.json`, written every half minute by each (worker/PROTOCOL.md). */
import { readJson } from '../functions/status/counts.ts';
import { layout } from '../ports/layout.ts';
import type { BatchTask } from '../ports/records.ts';
import type { Store } from '../ports/store.ts';

export interface WorkerState {
  /** Seconds since 1970. */
  at: number;
  /** The pod's name. */
  worker: string;
  node: string;
  execution: string;
  state: 'starting' | 'idle' | 'working' | 'stopping';
  task: BatchTask | null;
  /** When it began with its task, seconds since 1970. */
  since: number | null;
  /** Tasks that it has ended. */
  succeeded: number;
  failed: number;
  /** Cores that it used of late, and bytes that it has and may have. */
  cpu: number;
  memory: number;
  memoryLimit: number | null;
}

/** One that has said nothing for so many seconds is gone. */
const goneAfter = 150;
const atOnce = 16;

/** Those of an execution that are there, in order of their nodes and names. */
export async function readWorkers(store: Store, execution: string, now: number): Promise<WorkerState[]> {
  const keys: string[] = [];
  for await (const { key } of store.list(layout.workers)) keys.push(key);
  const found: WorkerState[] = [];
  const read = async () => {
    for (let key = keys.pop(); key !== undefined; key = keys.pop()) {
      const state = await readJson<WorkerState>(store, key);
      if (state && state.execution === execution && now - state.at < goneAfter) found.push(state);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, read));
  const nameOf = ({ node, worker }: WorkerState) => `${node} ${worker}`;
  return found.sort((a, b) => nameOf(a).localeCompare(nameOf(b), 'en', { numeric: true }));
}
