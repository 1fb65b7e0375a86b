/** The course of an imagined run, at some counts of items only: first, last and evenly between. */
import type { Imagined } from './imagine.ts';

// Globals are slow to reach where modules run in a context of their own, as under test.
const { log, max, min, round, sqrt } = Math;

const dense = 48;
const between = 128;

/** The counts at which courses are kept, from 0 to all items. */
export function countsOf(items: number): number[] {
  if (items <= 2 * dense + between) return Array.from({ length: items + 1 }, (_, count) => count);
  const counts = Array.from({ length: dense }, (_, count) => count);
  const step = (items - 2 * dense) / between;
  for (let n = 0; n <= between; n++) counts.push(round(dense + n * step));
  for (let count = items - dense + 1; count <= items; count++) counts.push(count);
  return counts;
}

/** A place between two of the counts. */
export interface Place {
  index: number;
  fraction: number;
}

export function placeOf(counts: number[], count: number): Place {
  let [low, high] = [0, counts.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((counts[middle] as number) <= count) low = middle;
    else high = middle;
  }
  const [from, to] = [counts[low] as number, counts[high] as number];
  return { index: low, fraction: to > from ? min(1, (count - from) / (to - from)) : 0 };
}

export class Course {
  /** Time at each of the counts. */
  readonly #times: Float32Array;
  /** How long it took from no task done. */
  readonly whole: number;
  readonly #idleFrom: Float32Array;
  /** At each of the counts: deviation of the logarithm of the durations up to there. */
  readonly #deviations: Float32Array;

  constructor({ ends, whole, idleFrom, durations }: Imagined, counts: number[]) {
    this.#deviations = deviationsOf(durations, counts);
    this.#times = Float32Array.from(counts, (count) => (count === 0 ? 0 : (ends[count - 1] as number)));
    this.whole = whole;
    this.#idleFrom = Float32Array.from(idleFrom);
  }

  /** When so many items were done. */
  at({ index, fraction }: Place): number {
    const from = this.#times[index] as number;
    return from + fraction * ((this.#times[index + 1] ?? from) - from);
  }

  get end(): number {
    return this.#times.at(-1) as number;
  }

  /** Workers that had nothing left to do. */
  idleAt(time: number): number {
    let idle = 0;
    while (idle < this.#idleFrom.length && (this.#idleFrom[idle] as number) <= time) idle++;
    return idle;
  }

  /** How much durations of the first so many items vary. */
  deviationAt({ index }: Place): number {
    return this.#deviations[index + 1] ?? (this.#deviations[index] as number);
  }
}

function deviationsOf(durations: Float64Array, counts: number[]): Float32Array {
  const deviations = new Float32Array(counts.length);
  let [item, sum, squares] = [0, 0, 0];
  for (const [index, count] of counts.entries()) {
    for (; item < count; item++) {
      const value = log(durations[item] as number);
      sum += value;
      squares += value * value;
    }
    deviations[index] = count === 0 ? 0 : sqrt(max(0, squares / count - (sum / count) ** 2));
  }
  return deviations;
}
