/** How long a run will take, when earlier ones tell. */
import type { Plan } from '../../core/run-store/plan/plan.ts';
import type { RunRequest } from '../../core/run-store/request/request.ts';
import { count, seconds } from './units.ts';

type Asked = Pick<RunRequest, 'workers' | 'repetitions'>;

/** Seconds of its tasks; null: none of them has run before. */
export function expectedSeconds(
  { expected }: Pick<Plan, 'expected'>,
  { workers, repetitions }: Asked,
): number | null {
  const { seconds: work, longest } = expected;
  return work === null || longest === null ? null : repetitions * Math.max(longest, work / workers);
}

export function expectedTime(plan: Pick<Plan, 'expected'>, asked: Asked): string {
  const time = expectedSeconds(plan, asked);
  if (time === null) return 'how long it takes is not known: none of its tasks has run before';
  return `about ${seconds(time)} with ${count(asked.workers, 'worker')}, as its tasks took before`;
}
