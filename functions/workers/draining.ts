/** A run that was told to stop lets running tasks end: for how long. */
import { deadlineOf, readControl } from '../../core/run-store/status/control.ts';
import type { Store } from '../../core/store.ts';
import type { Reservation } from '../../ports/cluster/reservations.ts';

export interface Draining {
  /** The run's. */
  store: Store;
  /** When the end began, seconds since 1970. */
  since: number;
  /** `task_timeout`; null when there is none. */
  taskTimeoutSeconds: number | null;
}

/** Seconds for tasks without a limit of their own. */
const usual = 3600;
/** Nobody waits longer than this for a task, whatever its limit: nodes cost all the while, and `stop --now` ends it. */
const most = 6 * 3600;
/** Seconds to write down what is done, and to be gone. */
const margin = 60;

/**
 * What is waited for; undefined when workers are to end now: nobody asked for a stop of this kind, all have gone, they
 * had the time that one task may take, or the deadline of the budget is there.
 */
export async function stillDraining(
  { store, since, taskTimeoutSeconds }: Draining,
  { execution, workers }: Reservation,
  now: number,
): Promise<string | undefined> {
  if (workers.ready === 0) return undefined;
  if (now - since >= Math.min(taskTimeoutSeconds ?? usual, most) + margin) return undefined;
  if ((await readControl(store))?.stop !== 'drain') return undefined;
  const deadline = await deadlineOf(store, execution);
  if (deadline !== null && now >= deadline) return undefined;
  return `${workers.ready} workers end the task that they are at`;
}
