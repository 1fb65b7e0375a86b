/** What the things that are there now cost by the hour, and have cost since they were made. Amounts are US dollars. */

import type { PriceList } from '../../ports/account/prices.ts';
import type { RunningMachine } from '../../ports/cluster/machines.ts';
import { hourly, monthHours, sum } from './rates.ts';

export interface Standing {
  perHour: number;
  /** Of what runs now, since it was started; what ran before and is gone is not in it. */
  soFar: number;
}

/** By the hour, of a cluster without its machines. */
export const clusterHour = (prices: PriceList): number => prices.clusterHour;

/** By the hour, of bytes in S3. */
export const storageHour = (prices: PriceList, bytes: number): number =>
  ((bytes / 1024 ** 3) * prices.storeGiBMonth) / monthHours;

/** By the hour, with its disk and its address. */
export function machineHour(prices: PriceList, { nodegroup, diskGiB }: RunningMachine): number {
  const isNode = nodegroup !== null;
  const { cluster, ...parts } = hourly(prices, {
    ...{ nodes: isNode ? 1 : 0, hasBastion: !isNode },
    // Of machines, whatever they do.
    ...{ diskGiB, workersPerNode: 0 },
  });
  return sum(parts);
}

/** Of several things. @param parts what each costs by the hour, and since when; null: nobody knows */
export function standing(parts: { perHour: number; since: number | null }[], now: number): Standing {
  const hours = (since: number | null) => (since === null ? 0 : Math.max(0, now - since) / 3600);
  return {
    perHour: parts.reduce((all, { perHour }) => all + perHour, 0),
    soFar: parts.reduce((all, { perHour, since }) => all + perHour * hours(since), 0),
  };
}
