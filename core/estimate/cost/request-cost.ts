/**
 * The AWS requests of a run's orchestration, counted; test/unit/core/estimate/cost/orchestration.test.ts recounts them from
 * the definition, the planner's batches and the agent's pace.
 */
import type { PriceList } from './price-list.ts';

interface Calls {
  transitions: number;
  /** Requests to SQS. */
  queue: number;
  /** Requests to S3 that cost as much as a write: listings do. */
  writes: number;
  reads: number;
  /** Of functions: seconds times GiB. */
  functions: number;
}
type Some = Partial<Calls>;

/** S3's reads cost this much of its writes, within a percent, in every region: https://aws.amazon.com/s3/pricing/ */
const readShare = 0.08;

/** Stages, asked again while they wait, and what ends a run. */
const perRun: Some = { transitions: 400, functions: 300 };
/** Planning, gathering and reporting. */
const perTask: Some = { functions: 0.004 };
/** Its header, and the file itself. */
const perFile: Some = { reads: 2 };
/** An execution begins, and ends. */
const perBatch: Some = { transitions: 2 };
/** Sent, taken, and deleted; its tasks, and what is done of it; a part, and a look for a stop. */
const perOffer: Some = { transitions: 2, queue: 3, writes: 2, reads: 2 };
/** State and log, more often at first. */
const perWorker: Some = { writes: 30, reads: 3 };
/** State and log, parts of long batches; messages are renewed, a stop is looked for, and parts of long batches are read. */
const perWorkerHour: Some = { writes: 72, queue: 90, reads: 90 + 1100 };
/** A worker gives back what is left of a batch after ten minutes, which is offered again: the most that can be. */
const offersPerHour = 6;

export interface Extent {
  batches: number;
  repetitions: number;
  tasks: number;
  files: number;
  workers: number;
}

const times = (calls: Some, factor: number): Some =>
  Object.fromEntries(Object.entries(calls).map(([name, count]) => [name, count * factor]));

function dollarsOf(prices: PriceList, all: Some[]): Record<'transitions' | 'requests' | 'functions', number> {
  const sum = (name: keyof Calls) => all.reduce((total, calls) => total + (calls[name] ?? 0), 0);
  const objects = (sum('writes') + readShare * sum('reads')) * prices.storeWrite;
  return {
    transitions: sum('transitions') * prices.transition,
    requests: sum('queue') * prices.queueRequest + objects,
    functions: sum('functions') * prices.functionSecond,
  };
}

/** Dollars that do not depend on time, by what is paid for. */
export function callsOnce(prices: PriceList, { batches, repetitions, tasks, files, workers }: Extent) {
  const dispatched = batches * repetitions;
  return dollarsOf(prices, [
    perRun,
    times(perTask, tasks * repetitions),
    times(perFile, files * repetitions),
    times(perBatch, dispatched),
    times(perOffer, dispatched),
    times(perWorker, workers),
  ]);
}

/** Dollars for each hour of so many workers. */
export const callsHourly = (prices: PriceList, workers: number): number =>
  Object.values(
    dollarsOf(prices, [times(perWorkerHour, workers), times(perOffer, offersPerHour * workers)]),
  ).reduce((a, b) => a + b);
