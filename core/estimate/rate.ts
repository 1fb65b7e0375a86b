/** How many tasks of a run end in a second. */

import type { RunStatus } from '../run-store/status/run-status.ts';
import type { RepetitionSummary } from '../run-store/status/summary.ts';

/** Of the current repetition in this execution, while the run is at work; afterwards the mean. Null when no task has ended. */
export function rateOf({ live, summary }: Pick<RunStatus, 'live' | 'summary'>): number | null {
  const pace = live?.progress?.pace;
  if (pace) return rate(pace.last.done, pace.elapsed);
  const sum = (of: (one: RepetitionSummary) => number) =>
    (summary?.repetitions ?? []).reduce((total, one) => total + of(one), 0);
  return rate(
    sum(({ succeeded, failed }) => succeeded + failed),
    sum(({ parallelSeconds }) => parallelSeconds),
  );
}

const rate = (tasks: number, seconds: number) => (tasks > 0 && seconds > 0 ? tasks / seconds : null);
