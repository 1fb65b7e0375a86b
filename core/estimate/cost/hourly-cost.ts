/** What a run costs by the hour, and once. Amounts are US dollars. */

import { bastionMachine } from '../../bastion.ts';
import type { PriceList } from './price-list.ts';
import { callsHourly, callsOnce, type Extent } from './request-cost.ts';

export interface Scale {
  nodes: number;
  diskGiB: number;
  hasBastion: boolean;
  workersPerNode: number;
}

/** A month has 730 hours on AWS's bills. */
export const monthHours = 730;

/** Dollars an hour of each part of a run while it has nodes, in the order in which they are shown. */
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

/** Assumed duration of an image's build. */
const buildMinutes = 6;
/** Dollars that do not depend on time: the build of an image, if there is one, and the requests of the orchestration. */
export function once(
  prices: PriceList,
  { builds, ...extent }: Extent & { builds: boolean },
): Record<'build' | 'transitions' | 'requests' | 'functions', number> {
  return { build: builds ? buildMinutes * prices.buildMinute : 0, ...callsOnce(prices, extent) };
}

export const sum = (parts: Record<string, number>): number =>
  Object.values(parts).reduce((total, part) => total + part, 0);
