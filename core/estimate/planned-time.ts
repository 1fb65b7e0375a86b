/** How long the tasks of a plan will take, from the durations of earlier runs. */
import type { Plan } from '../run-store/plan/plan.ts';
import type { RunRequest } from '../run-store/request/request.ts';

/** Seconds with so many workers, at best; null when no task has run before. */
export function plannedSeconds(
  { expected: { seconds, longest } }: Pick<Plan, 'expected'>,
  { workers, repetitions }: Pick<RunRequest, 'workers' | 'repetitions'>,
): number | null {
  return seconds === null || longest === null ? null : repetitions * Math.max(longest, seconds / workers);
}
