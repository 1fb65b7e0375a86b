/** Expected work of each task. */
import type { Durations } from '../../../core/run-store/plan/durations.ts';
import type { ExpectedWork } from '../../../core/run-store/plan/plan.ts';

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

const points = 100;

/**
 * @param order tasks in the order in which they are handed out
 * @param weights expected work of each task
 * @param known whether the weights are seconds
 */
export function expectedWork(order: Uint32Array, weights: Float64Array, known: boolean): ExpectedWork {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  // All of them took no time at all, as far as the clock could tell.
  if (total === 0)
    return expectedWork(
      order,
      weights.map(() => 1),
      false,
    );
  const longest = weights[order[0] as number] as number;
  const curve = [0];
  let done = 0;
  for (const [place, index] of order.entries()) {
    done += weights[index] as number;
    // A task may pass several points when there are fewer tasks than points.
    while (curve.length < points && (place + 1) * points >= curve.length * order.length)
      curve.push(
        between(done, weights[index] as number, place + 1 - (curve.length * order.length) / points) / total,
      );
  }
  return { seconds: known ? total : null, longest: known ? longest : null, curve: [...curve.map(digits), 1] };
}

/** Work done when `late` of the last task, a share from 0 to 1, is still to do. */
const between = (done: number, last: number, late: number) => done - late * last;

const digits = (share: number) => Math.round(share * 1e6) / 1e6;
