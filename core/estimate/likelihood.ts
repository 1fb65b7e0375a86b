/** How likely the real run is, if a simulated one is true. */
import type { Moment, Pace } from './pace.ts';
import { type Place, placeOf, type Trajectory } from './simulate.ts';

// Globals are slow to reach where modules run in a context of their own, as under test.
const { exp, log, min, sqrt } = Math;

/** What an earlier run or repetition says of this one's speed. */
export interface Prior {
  /** Seconds of a weight of 1. */
  unit: number;
  /** Standard deviation of its logarithm. */
  deviation: number;
}

/** How far a simulated run may be off at the moments of the past: for any number of tasks, and for one task. */
const tolerance = { always: 0.01, task: 0.2 };
/** What all the moments count together; they are far from independent of one another. */
const pastCounts = 6;
/** Standard deviations of the logarithm of the time without an end of a task, and of the durations' deviation. */
const signs = { silence: 0.2, spread: 0.15 };
/** Smaller deviations are as good as none. */
const smallestDeviation = 0.05;

export class Likelihood {
  readonly #pace: Pace;
  readonly #prior: Prior | undefined;
  readonly #busy: number;
  readonly #comparesSpread: boolean;
  readonly #reached: Place;
  readonly #next: Place;
  readonly #places: Place[];

  /** @param busy workers that have something to do @param counts those of the trajectories */
  constructor(
    pace: Pace,
    {
      prior,
      busy,
      tasksPerItem,
      counts,
    }: {
      prior: Prior | undefined;
      busy: number;
      tasksPerItem: number;
      counts: number[];
    },
  ) {
    const placeAt = (done: number) => placeOf(counts, done / tasksPerItem);
    this.#pace = pace;
    this.#prior = prior;
    this.#busy = busy;
    // Of items that are several tasks, the single ones are not simulated.
    this.#comparesSpread = tasksPerItem === 1;
    this.#reached = placeAt(pace.last.done);
    this.#next = placeAt(pace.last.done + 1);
    this.#places = pace.moments.map(({ done }) => placeAt(done));
  }

  /**
   * @returns twice the negative logarithm of the likelihood, and the seconds of a weight of 1 if the trajectory is true;
   *   undefined while nothing is known of these
   */
  of(trajectory: Trajectory): { deviance: number; unit: number } | undefined {
    const { elapsed, last } = this.#pace;
    let unit = this.#prior?.unit;
    let deviance = 0;
    if (last.done > 0 && last.seconds > 0) {
      const measured = last.seconds / trajectory.at(this.#reached);
      if (this.#prior) deviance += (log(measured / this.#prior.unit) / this.#prior.deviation) ** 2;
      deviance += this.#ofPast(trajectory, measured, last);
      unit = measured;
    }
    if (!unit) return undefined;
    const next = unit * trajectory.at(this.#next);
    if (elapsed > next) {
      // The next task should have ended by now: the real run is slower than it seemed, or differs.
      deviance += (log(elapsed / next) / signs.silence) ** 2;
      unit *= elapsed / next;
    }
    return { deviance: deviance + this.#ofSpread(trajectory), unit };
  }

  /** Durations vary as much as simulated. */
  #ofSpread(trajectory: Trajectory): number {
    const { spread } = this.#pace;
    if (!this.#comparesSpread || spread.tasks < 2) return 0;
    const simulated = trajectory.deviationAt(this.#reached);
    const ratio = (spread.deviation + smallestDeviation) / (simulated + smallestDeviation);
    // A sample's deviation is itself off by one in the root of twice its size; and the longest tasks that have started are
    // still running.
    const running = this.#busy / (spread.tasks + this.#busy);
    return log(ratio) ** 2 / (signs.spread ** 2 + 1 / (2 * spread.tasks) + running ** 2);
  }

  /** As many tasks had ended at each moment of the past as simulated. */
  #ofPast(trajectory: Trajectory, unit: number, last: Moment): number {
    const { moments } = this.#pace;
    const allowed = (tolerance.always + tolerance.task / sqrt(last.done)) * last.seconds;
    let deviance = 0;
    for (const [index, { seconds }] of moments.entries()) {
      const simulated = unit * trajectory.at(this.#places[index] as Place);
      deviance += ((simulated - seconds) / allowed) ** 2 * (pastCounts / moments.length);
    }
    return deviance;
  }
}

/** The weighted samples must be worth so many samples of equal weight. */
const smallestWorth = 20;

/** Weights by likelihood, evened out as far as needed for a few unlikely samples not to decide alone. */
export function likelihoodWeights(deviances: number[]): number[] {
  const smallest = deviances.reduce((a, b) => min(a, b));
  const at = (sharpness: number) => deviances.map((value) => exp((-sharpness * (value - smallest)) / 2));
  const enough = min(smallestWorth, deviances.length);
  if (worth(at(1)) >= enough) return at(1);
  let [low, high] = [0, 1];
  for (let n = 0; n < 20; n++) {
    const middle = (low + high) / 2;
    if (worth(at(middle)) >= enough) low = middle;
    else high = middle;
  }
  return at(low);
}

/** Kish's effective sample size. */
function worth(weights: number[]): number {
  let sum = 0;
  let squares = 0;
  for (const weight of weights) {
    sum += weight;
    squares += weight * weight;
  }
  return (sum * sum) / squares;
}

/** The values below which shares of the weight lie. */
export function quantiles(samples: { value: number; weight: number }[], shares: number[]): number[] {
  const rising = [...samples].sort((a, b) => a.value - b.value);
  const total = rising.reduce((sum, { weight }) => sum + weight, 0);
  return shares.map((share) => {
    let sum = 0;
    for (const { value, weight } of rising) {
      sum += weight;
      if (sum >= share * total) return value;
    }
    return rising.at(-1)?.value ?? Number.NaN;
  });
}
