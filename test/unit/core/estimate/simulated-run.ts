/** Simulated runs for the estimator: true durations, what the planner knew of them, and when tasks end. */

import { cutBatches, heaviestFirst } from '../../../../core/estimate/batches.ts';
import { expectedWork } from '../../../../core/estimate/expected-work.ts';
import { Random } from '../../../../core/estimate/random.ts';
import type { ExpectedWork } from '../../../../core/run-store/plan/plan.ts';

export interface Scenario {
  tasks: number;
  workers: number;
  /** Durations, and what the planner takes them for. */
  draw: (normal: () => number, uniform: () => number) => { duration: number; weight: number };
  known: boolean;
  /** One task that takes so many times the mean of all, and is known to. */
  giant?: number;
  /** By how much the machine is slower at the end than at the beginning, as a share. */
  drift?: number;
  /** Share of the time after which the run was interrupted, to be resumed. */
  resumedAt?: number;
  /** How often every task runs; durations differ by 5 % from time to time. */
  repetitions?: number;
}

export interface SimulatedRun {
  tasks: number;
  expected: ExpectedWork;
  /** Tasks that were done when this execution began. */
  doneBefore: number;
  /** One for each repetition. */
  repetitions: Repetition[];
}

/** When tasks ended, and when workers had nothing left to do, in seconds since its beginning; rising. */
export interface Repetition {
  ends: Float64Array;
  idleFrom: Float64Array;
  /** Durations of the tasks, in the order in which they ended. */
  durations: Float64Array;
}

/** Seconds of an average task. */
const meanSeconds = 2;

export function simulate(scenario: Scenario, seed: number): SimulatedRun {
  const { tasks, workers, known, drift = 0, repetitions = 1 } = scenario;
  const random = new Random(seed);
  const uniform = () => random.next();
  const normal = () => random.normal();
  const drawn = Array.from({ length: tasks }, () => scenario.draw(normal, uniform));
  if (scenario.giant)
    drawn[Math.floor(uniform() * tasks)] = { duration: scenario.giant, weight: scenario.giant };
  const durations = Float64Array.from(drawn, ({ duration }) => duration * meanSeconds);
  const weights = Float64Array.from(drawn, ({ weight }) => weight * meanSeconds);
  const order = heaviestFirst(weights);
  const limits = { tasks: 500, bytes: 1e9, slots: workers, ...(known && { most: 60, least: 0.01 }) };
  const batches = [...cutBatches(order, weights, new Uint8Array(tasks), limits)].map(([start, end]) =>
    order.subarray(start, end),
  );
  const expected = expectedWork(order, weights, known);
  const whole = carryOut(batches, durations, workers, drift);
  if (scenario.resumedAt === undefined) {
    const again = () =>
      carryOut(
        batches,
        durations.map((seconds) => seconds * (1 + 0.05 * normal())),
        workers,
        drift,
      );
    const others = Array.from({ length: repetitions - 1 }, again);
    return { tasks, expected, doneBefore: 0, repetitions: [whole, ...others].map(sorted) };
  }
  const interrupted = Math.max(...whole.ends.values()) * scenario.resumedAt;
  const left = batches.map((batch) => batch.filter((task) => (whole.ends.get(task) as number) > interrupted));
  const rest = carryOut(left, durations, workers, drift);
  return { tasks, expected, doneBefore: tasks - rest.ends.size, repetitions: [sorted(rest)] };
}

function carryOut(batches: Uint32Array[], durations: Float64Array, workers: number, drift: number) {
  const free = new Float64Array(workers);
  const ends = new Map<number, number>();
  for (const batch of batches) {
    const first = free.indexOf(free.reduce((a, b) => Math.min(a, b)));
    for (const task of batch) {
      free[first] = (free[first] as number) + (durations[task] as number);
      ends.set(task, free[first] as number);
    }
  }
  const last = free.reduce((a, b) => Math.max(a, b));
  // Slower and slower, or faster and faster.
  const warp = (time: number) => time * (1 + (drift * time) / (2 * last));
  for (const [task, end] of ends) ends.set(task, warp(end));
  return { ends, idleFrom: free.map(warp), durations };
}

function sorted({ ends, idleFrom, durations }: ReturnType<typeof carryOut>): Repetition {
  const order = [...ends].sort(([, a], [, b]) => a - b);
  return {
    ends: Float64Array.from(order, ([, end]) => end),
    idleFrom: idleFrom.sort(),
    durations: Float64Array.from(order, ([task]) => durations[task] as number),
  };
}
