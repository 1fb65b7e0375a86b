/** Imagined runs: the plan carried out in thought, with what is not known of its tasks drawn at random. */
import type { Random } from './random.ts';
import type { Work } from './work.ts';

// Globals are slow to reach where modules run in a context of their own, as under test.
const { exp, log, sqrt } = Math;

/** How the tasks of an imagined run differ from what was expected of them. */
interface Fate {
  /** Durations go with expected work to this power: 1 when the expectations are right, 0 when they mean nothing. */
  power: number;
  /** Deviation of the logarithm of durations from that. */
  sigma: number;
  /** By how much the machine is slower at the end than at the beginning, as a share. */
  drift: number;
}

export interface Imagined {
  /** When each item that was left ended, in the unit of the weights; rising. */
  ends: Float64Array;
  /** How long the whole run takes, from no task done. */
  whole: number;
  /** When each worker had nothing left to do; rising. */
  idleFrom: Float64Array;
  /** Durations of the items that were left, in the order in which they are handed out. */
  durations: Float64Array;
}

/**
 * Imagines how a run goes on in which some items are done already: those that would have ended first.
 * Tasks that were running then begin again, as they do when a run is resumed.
 */
export function imagine(work: Work, workers: number, doneItems: number, random: Random): Imagined {
  const fate = drawFate(random, work.unit !== undefined);
  const durations = drawDurations(work, fate, random);
  const first = carryOut(work, durations, workers, fate.drift);
  const whole = first.sorted.at(-1) as number;
  if (doneItems === 0) return { ends: first.sorted, whole, idleFrom: first.idleFrom, durations };
  const last = first.sorted[doneItems - 1] as number;
  const isDone = first.ends.map((end) => (end <= last ? 1 : 0));
  const { sorted, idleFrom } = carryOut(work, durations, workers, fate.drift, isDone);
  return { ends: sorted, whole, idleFrom, durations: durations.filter((_, item) => !isDone[item]) };
}

/** An earlier run of the same tasks tells a lot, sizes of files tell little. */
function drawFate(random: Random, known: boolean): Fate {
  const drift = 0.38 * (2 * random.next() - 1);
  const kind = random.next();
  if (known) {
    if (kind < 0.1) return { power: random.next(), sigma: 1.5 * random.next(), drift };
    return { power: 1, sigma: kind < 0.5 ? 0.25 * random.next() : 0.7 * random.next(), drift };
  }
  if (kind < 0.35) return { power: 0, sigma: 2.4 * sqrt(random.next()), drift };
  if (kind < 0.5) return { power: random.next(), sigma: 2 * random.next(), drift };
  return { power: 1, sigma: 1.5 * random.next(), drift };
}

function drawDurations({ weights, perItem }: Work, { power, sigma }: Fate, random: Random): Float64Array {
  // What several tasks take together varies less than what one takes.
  const variance = log(1 + (exp(sigma * sigma) - 1) / perItem);
  const deviation = sqrt(variance);
  const durations = new Float64Array(weights.length);
  for (let item = 0; item < durations.length; item++) {
    const weight = weights[item] as number;
    const expected = power === 1 ? weight : power === 0 ? 1 : weight ** power;
    durations[item] = expected * exp(deviation * random.normal() - variance / 2);
  }
  return durations;
}

/** Each worker takes the next batch when it is free. */
function carryOut(
  { batches }: Work,
  durations: Float64Array,
  workers: number,
  drift: number,
  isDone?: Float64Array,
): { ends: Float64Array; sorted: Float64Array; idleFrom: Float64Array } {
  const free = new Float64Array(workers);
  const ends = new Float64Array(durations.length);
  for (let batch = 1; batch < batches.length; batch++) {
    let end = free[0] as number;
    for (let item = batches[batch - 1] as number; item < (batches[batch] as number); item++) {
      if (isDone?.[item]) continue;
      end += durations[item] as number;
      ends[item] = end;
    }
    delayFirst(free, end);
  }
  const left = isDone ? ends.filter((_, item) => !isDone[item]) : ends.slice();
  const sorted = left.sort();
  const last = sorted.at(-1) as number;
  const slower = (time: number) => time * (1 + (drift * time) / (2 * last));
  return { ends: ends.map(slower), sorted: sorted.map(slower), idleFrom: free.sort().map(slower) };
}

/** Replaces the least entry of a binary heap. */
function delayFirst(heap: Float64Array, value: number): void {
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
