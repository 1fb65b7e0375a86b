/** Simulated runs: the plan carried out, with what is not known of its tasks drawn at random. */
import type { Random } from './random.ts';
import type { WorkModel } from './work-model.ts';

// Globals are slow to reach where modules run in a context of their own, as under test.
const { exp, log, max, min, round, sqrt } = Math;

/** How the tasks of a simulated run differ from what the plan expects. */
interface Variation {
  /** Durations go with expected work to this power: 1 when the plan is right, 0 when its weights mean nothing. */
  power: number;
  /** Standard deviation of the logarithm of durations around that. */
  sigma: number;
  /** By how much the machine is slower at the end than at the beginning, as a share. */
  drift: number;
}

export interface SimulatedRun {
  /** When each item that was left ended, in the unit of the weights; rising. */
  ends: Float64Array;
  /** How long the whole repetition takes, from no task done. */
  whole: number;
  /** Durations of the items that were left, in the order in which they are handed out. */
  durations: Float64Array;
}

/**
 * Simulates how a repetition goes on of which some items are done: those that would have ended first.
 * Tasks that were running then start again, as they do when a run is resumed.
 */
export function simulate(work: WorkModel, workers: number, doneItems: number, random: Random): SimulatedRun {
  const variation = drawVariation(random, work.unit !== undefined);
  const durations = drawDurations(work, variation, random);
  const first = schedule(work, durations, workers, variation.drift);
  const whole = first.sorted.at(-1) as number;
  if (doneItems === 0) return { ends: first.sorted, whole, durations };
  const last = first.sorted[doneItems - 1] as number;
  const isDone = first.ends.map((end) => (end <= last ? 1 : 0));
  const { sorted } = schedule(work, durations, workers, variation.drift, isDone);
  return { ends: sorted, whole, durations: durations.filter((_, item) => !isDone[item]) };
}

/** Durations of earlier runs say much about this one, sizes of files say little. */
function drawVariation(random: Random, hasHistory: boolean): Variation {
  const drift = 0.38 * (2 * random.next() - 1);
  const kind = random.next();
  if (hasHistory) {
    if (kind < 0.1) return { power: random.next(), sigma: 1.5 * random.next(), drift };
    return { power: 1, sigma: kind < 0.5 ? 0.25 * random.next() : 0.7 * random.next(), drift };
  }
  if (kind < 0.35) return { power: 0, sigma: 2.4 * sqrt(random.next()), drift };
  if (kind < 0.5) return { power: random.next(), sigma: 2 * random.next(), drift };
  return { power: 1, sigma: 1.5 * random.next(), drift };
}

function drawDurations(
  { weights, tasksPerItem }: WorkModel,
  { power, sigma }: Variation,
  random: Random,
): Float64Array {
  // The sum of several tasks varies less than one task.
  const variance = log(1 + (exp(sigma * sigma) - 1) / tasksPerItem);
  const deviation = sqrt(variance);
  const durations = new Float64Array(weights.length);
  for (let item = 0; item < durations.length; item++) {
    const weight = weights[item] as number;
    const expected = power === 1 ? weight : power === 0 ? 1 : weight ** power;
    durations[item] = expected * exp(deviation * random.normal() - variance / 2);
  }
  return durations;
}

/** Each worker takes the next batch when it is free. @returns when each item ends, and the same times, rising */
function schedule(
  { batches }: WorkModel,
  durations: Float64Array,
  workers: number,
  drift: number,
  isDone?: Float64Array,
): { ends: Float64Array; sorted: Float64Array } {
  const free = new Float64Array(workers);
  const ends = new Float64Array(durations.length);
  for (let batch = 1; batch < batches.length; batch++) {
    let end = free[0] as number;
    for (let item = batches[batch - 1] as number; item < (batches[batch] as number); item++) {
      if (isDone?.[item]) continue;
      end += durations[item] as number;
      ends[item] = end;
    }
    replaceSmallest(free, end);
  }
  const left = isDone ? ends.filter((_, item) => !isDone[item]) : ends.slice();
  const sorted = left.sort();
  const last = sorted.at(-1) as number;
  const slower = (time: number) => time * (1 + (drift * time) / (2 * last));
  return { ends: ends.map(slower), sorted: sorted.map(slower) };
}

/** Replaces the smallest entry of a binary heap. */
function replaceSmallest(heap: Float64Array, value: number): void {
  let place = 0;
  for (;;) {
    let child = 2 * place + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && (heap[child + 1] as number) < (heap[child] as number)) child++;
    if ((heap[child] as number) >= value) break;
    heap[place] = heap[child] as number;
    place = child;
  }
  heap[place] = value;
}

const dense = 48;
const between = 128;

/** Counts of items, from 0 to all, at which trajectories are kept: the first, the last, and evenly between. */
export function trajectoryCounts(items: number): number[] {
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

/** When how many items of a simulated run had ended. */
export class Trajectory {
  /** Time at each of the counts. */
  readonly #times: Float32Array;
  /** At each of the counts: standard deviation of the logarithm of the durations up to there. */
  readonly #deviations: Float32Array;
  /** How long the whole repetition takes, from no task done. */
  readonly whole: number;

  constructor({ ends, whole, durations }: SimulatedRun, counts: number[]) {
    this.#deviations = deviationsOf(durations, counts);
    this.#times = Float32Array.from(counts, (count) => (count === 0 ? 0 : (ends[count - 1] as number)));
    this.whole = whole;
  }

  /** When so many items had ended. */
  at({ index, fraction }: Place): number {
    const from = this.#times[index] as number;
    return from + fraction * ((this.#times[index + 1] ?? from) - from);
  }

  get end(): number {
    return this.#times.at(-1) as number;
  }

  /** How much the durations of the first so many items vary. */
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
