/** How like an imagined run is to what was seen of the real one. */

import type { Spread } from '../../../core/run-store/status/run-status.ts';
import { type Course, type Place, placeOf } from './course.ts';
import type { Pace, Seen } from './pace.ts';

// Globals are slow to reach where modules run in a context of their own, as under test.
const { log, sqrt } = Math;

/** What an earlier run or repetition tells of this one's speed. */
export interface Known {
  /** Seconds that a weight of 1 stands for. */
  unit: number;
  /** How sure that is: the deviation of its logarithm. */
  deviation: number;
}

/** Moments of the past that are compared. */
const compared = 16;
/** How far an imagined run may be off at these moments: for any number of tasks, and for one task. */
const tolerance = { ever: 0.01, task: 0.2 };
/** What all the moments weigh together; they are far from independent of one another. */
const pastWeighs = 6;
/** Deviations of the logarithm of the other signs. */
const signs = { roughness: 0.3, silence: 0.2, idle: 0.6, spread: 0.15 };
/** Deviations below this are as good as none. */
const leastDeviation = 0.05;

/** What is seen at the moment. */
export interface Now {
  /** Seconds since the beginning. */
  elapsed: number;
  /** Workers that have something to do, and those that have not. */
  busy: number;
  idle: number;
  /** How much the durations of what ended vary; undefined where that is not known task by task. */
  spread: Spread | undefined;
}

export class Likeness {
  readonly #known: Known | undefined;
  readonly #now: Now;
  readonly #last: Seen;
  readonly #reached: Place;
  readonly #next: Place;
  readonly #moments: Seen[];
  readonly #places: Place[];
  readonly #roughness: number;

  constructor(pace: Pace, known: Known | undefined, perItem: number, counts: number[], now: Now) {
    const placeAt = (done: number) => placeOf(counts, done / perItem);
    this.#known = known;
    this.#now = now;
    this.#last = pace.last;
    this.#reached = placeAt(pace.last.done);
    this.#next = placeAt(pace.last.done + 1);
    this.#moments = pace.moments(compared);
    this.#places = this.#moments.map(({ done }) => placeAt(done));
    this.#roughness = roughness([0, ...this.#moments.map(({ at }) => at), pace.last.at]);
  }

  /**
   * @returns twice the negative logarithm of a likelihood, and the seconds that a weight of 1 then stands for;
   *   undefined when nothing tells those
   */
  of(course: Course): { unlike: number; unit: number } | undefined {
    const { elapsed } = this.#now;
    let unit = this.#known?.unit;
    let unlike = 0;
    if (this.#last.done > 0 && this.#last.at > 0) {
      const measured = this.#last.at / course.at(this.#reached);
      if (this.#known) unlike += (log(measured / this.#known.unit) / this.#known.deviation) ** 2;
      unlike += this.#unlikePast(course, measured);
      unit = measured;
    }
    if (!unit) return undefined;
    const next = unit * course.at(this.#next);
    if (elapsed > next) {
      // Nothing has ended for longer than there: the real run is slower than it seemed, or differs.
      unlike += (log(elapsed / next) / signs.silence) ** 2;
      unit *= elapsed / next;
    }
    const idleThere = course.idleAt(elapsed / unit);
    if (this.#last.done > 0) unlike += (log((this.#now.idle + 1) / (idleThere + 1)) / signs.idle) ** 2;
    return { unlike: unlike + this.#unlikeSpread(course), unit };
  }

  /** What of the durations is yet to come is like what has come. */
  #unlikeSpread(course: Course): number {
    const { spread, busy } = this.#now;
    if (!spread || spread.tasks < 2) return 0;
    const ratio = (spread.deviation + leastDeviation) / (course.deviationAt(this.#reached) + leastDeviation);
    // What a sample tells of a deviation is itself off by one in the root of twice its size; and the longest of those
    // that have begun are still running.
    const running = busy / (spread.tasks + busy);
    return log(ratio) ** 2 / (signs.spread ** 2 + 1 / (2 * spread.tasks) + running ** 2);
  }

  #unlikePast(course: Course, unit: number): number {
    const { at: end, done } = this.#last;
    const allowed = (tolerance.ever + tolerance.task / sqrt(done)) * end;
    const there = this.#places.map((place) => unit * course.at(place));
    let unlike = 0;
    for (const [index, { at }] of this.#moments.entries())
      unlike += (((there[index] as number) - at) / allowed) ** 2 * (pastWeighs / there.length);
    if (there.length < 4) return unlike;
    // Durations that vary much make a run go unevenly.
    return unlike + (log(this.#roughness / roughness([0, ...there, end])) / signs.roughness) ** 2;
  }
}

/** How unevenly moments follow one another, beside all of their time. */
function roughness(times: number[]): number {
  let sum = 0;
  for (let n = 2; n < times.length; n++)
    sum += ((times[n] as number) - 2 * (times[n - 1] as number) + (times[n - 2] as number)) ** 2;
  const least = 1e-3;
  return sqrt(sum) / (times.at(-1) as number) + least;
}
