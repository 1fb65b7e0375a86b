/** What the plan says of the work ahead, for estimates of the time left. */
import type { ExpectedWork } from '../run-store/plan/plan.ts';

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
