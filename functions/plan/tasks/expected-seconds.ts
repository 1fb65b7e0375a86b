/** Expected duration of each task. */
import type { Durations } from '../../../core/run-store/plan/durations.ts';

/** Seconds per byte without a history: any constant will do. */
const secondsPerByte = 1e-6;

/**
 * Expected seconds of each task: its duration in an earlier run of the project; for tasks without one, the size of their
 * file times the seconds per byte of the others.
 * @param sizes bytes of each task's file
 * @param idOf id of the task with this index; called only if there is a history
 * @returns seconds; not `known`: without a history only their ratios mean something
 */
export function expectedSeconds(
  sizes: Float64Array,
  idOf: (index: number) => string,
  history: Durations,
): { seconds: Float64Array; known: boolean } {
  const unknown = -1;
  const seconds = new Float64Array(sizes.length).fill(unknown);
  let knownSeconds = 0;
  let knownBytes = 0;
  if (history.length > 0)
    for (let index = 0; index < sizes.length; index++) {
      const before = history.secondsOf(idOf(index));
      // A clock that was set back leaves negative durations.
      if (before === undefined || !(before >= 0)) continue;
      seconds[index] = before;
      knownSeconds += before;
      knownBytes += (sizes[index] as number) + 1;
    }
  const known = knownBytes > 0;
  const rate = known ? knownSeconds / knownBytes : secondsPerByte;
  for (let index = 0; index < sizes.length; index++)
    // One more byte, so that empty files have a weight.
    if (seconds[index] === unknown) seconds[index] = ((sizes[index] as number) + 1) * rate;
  return { seconds, known };
}
