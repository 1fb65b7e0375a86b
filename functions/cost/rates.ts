/** What a run costs by the hour and whatever the time. Amounts are US dollars. */

import { bastionMachine } from '../../core/bastion.ts';
import type { PriceList } from '../../ports/account/prices.ts';
import { callsHourly, callsOnce, type Extent } from './calls.ts';

export interface Scale {
  nodes: number;
  diskGiB: number;
  hasBastion: boolean;
  workersPerNode: number;
}

/** A month has 730 hours on AWS's bills. */
export const monthHours = 730;

/** Of everything that a run has for as long as it has nodes; each part, in the order in which it is shown. */
export function hourly(
  prices: PriceList,
  { nodes, diskGiB, hasBastion, workersPerNode }: Scale,
): Record<string, number> {
  const machine = prices.instanceHour + prices.burstVcpuHour * prices.instanceVcpus;
  const bastions = hasBastion ? 1 : 0;
  return {
    instances: nodes * machine + bastions * prices.bastionHour,
    cluster: prices.clusterHour,
    disks: ((nodes * diskGiB + bastions * bastionMachine.diskGiB) * prices.diskGiBMonth) / monthHours,
    addresses: (nodes + bastions) * prices.publicAddressHour,
    requests: callsHourly(prices, nodes * workersPerNode),
  };
}

/** Minutes that a build is taken to last. */
const buildMinutes = 6;
/** Of everything that does not depend on time: a build, where there is one, and what orchestration asks AWS for. */
export function once(
  prices: PriceList,
  { builds, ...extent }: Extent & { builds: boolean },
): Record<'build' | 'transitions' | 'requests' | 'functions', number> {
  return { build: builds ? buildMinutes * prices.buildMinute : 0, ...callsOnce(prices, extent) };
}

export const sum = (parts: Record<string, number>): number =>
  Object.values(parts).reduce((total, part) => total + part, 0);
