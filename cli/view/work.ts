/** A run's work, as the live line wants to know it. */
import { taskAt } from '../../core/run-store/plan/manifest.ts';
import type { Plan } from '../../core/run-store/plan/plan.ts';
import type { RunRequest } from '../../core/run-store/request/request.ts';
import type { Store } from '../../core/store.ts';

/** @param store the run's */
export function workOf(
  { tasks, expected }: Plan,
  { workers, repetitions, config }: Pick<RunRequest, 'workers' | 'repetitions' | 'config'>,
  store: Store,
) {
  return {
    ...{ total: tasks, expected, workers, repetitions },
    idleSeconds: config.acceptedIdleSeconds,
    taskAt: (index: number) => taskAt(store, index),
  };
}
