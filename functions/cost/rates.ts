/** What a run costs by the hour and whatever the time. Amounts are US dollars. */
import { bastionMachine } from '../../ports/bastions.ts';
import type { PriceList } from '../../ports/prices.ts';

export interface Scale {
  nodes: number;
  diskGiB: number;
  hasBastion: boolean;
}

/** A month has 730 hours on AWS's bills. */
const monthHours = 730;

/** Of everything that a run has for as long as it has nodes; each part, in the order in which it is shown. */
export function hourly(prices: PriceList, { nodes, diskGiB, hasBastion }: Scale): Record<string, number> {
  const machine = prices.instanceHour + prices.burstVcpuHour * prices.instanceVcpus;
  const bastions = hasBastion ? 1 : 0;
  return {
    instances: nodes * machine + bastions * prices.bastionHour,
    cluster: prices.clusterHour,
    disks: ((nodes * diskGiB + bastions * bastionMachine.diskGiB) * prices.diskGiBMonth) / monthHours,
    addresses: (nodes + bastions) * prices.publicAddressHour,
  };
}

/** Minutes that a build is taken to last. */
const buildMinutes = 6;
/** Transitions of a run besides those of its batches, waiting loops included. */
const runTransitions = 400;
/** A batch: its execution, its task state and its message; flushes of its records. */
const batchTransitions = 3;
const batchRequests = 6;
const batchWrites = 2;

/** Of everything that does not depend on time. */
export function once(
  prices: PriceList,
  { batches, repetitions, builds }: { batches: number; repetitions: number; builds: boolean },
): Record<string, number> {
  const dispatched = batches * repetitions;
  return {
    build: builds ? buildMinutes * prices.buildMinute : 0,
    transitions: (runTransitions + dispatched * batchTransitions) * prices.transition,
    requests: dispatched * (batchRequests * prices.queueRequest + batchWrites * prices.storeWrite),
  };
}

export const sum = (parts: Record<string, number>): number =>
  Object.values(parts).reduce((total, part) => total + part, 0);
