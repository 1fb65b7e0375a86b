/** Expected work of each task. */
import type { Durations } from '../../../core/run-store/plan/durations.ts';

/** Without a history a byte stands for this many seconds: any number does, as long as it is the same for all. */
const secondsPerByte = 1e-6;

/**
 * Seconds that each task is expected to take: what it took in an earlier run of the project; for tasks without a
 * history, their file's size times what a byte took in those with one.
 * @param sizes bytes of each task's file
 * @param idOf id of the task with this index; asked for only when there is a history
 * @returns seconds; `known` tells whether they are seconds at all: without any history only their ratios mean something
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
      // A clock that was set back leaves durations below 0.
      if (before === undefined || !(before >= 0)) continue;
      seconds[index] = before;
      knownSeconds += before;
      knownBytes += (sizes[index] as number) + 1;
    }
  const known = knownBytes > 0;
  const rate = known ? knownSeconds / knownBytes : secondsPerByte;
  for (let index = 0; index < sizes.length; index++)
    // One more byte keeps empty files from weighing nothing.
    if (seconds[index] === unknown) seconds[index] = ((sizes[index] as number) + 1) * rate;
  return { seconds, known };
}
