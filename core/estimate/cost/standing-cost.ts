/** What existing resources cost by the hour, and have cost since they were created. Amounts are US dollars. */

import { hourly, monthHours, sum } from './hourly-cost.ts';
import type { PriceList } from './price-list.ts';

export interface Standing {
  perHour: number;
  /** Of existing resources since their creation; deleted ones are not in it. */
  soFar: number;
}

/** Dollars an hour of a cluster without its machines. */
export const clusterHour = (prices: PriceList): number => prices.clusterHour;

/** Dollars an hour of bytes in S3. */
export const storageHour = (prices: PriceList, bytes: number): number =>
  ((bytes / 1024 ** 3) * prices.storeGiBMonth) / monthHours;

/** Dollars an hour of a machine with its disk and its address. */
export function machineHour(
  prices: PriceList,
  { nodegroup, diskGiB }: { nodegroup: string | null; diskGiB: number },
): number {
  const isNode = nodegroup !== null;
  const { cluster, ...parts } = hourly(prices, {
    ...{ nodes: isNode ? 1 : 0, hasBastion: !isNode },
    // Without the requests of workers.
    ...{ diskGiB, workersPerNode: 0 },
  });
  return sum(parts);
}

/** Sums several resources. @param parts dollars an hour of each, and since when; null: not known */
export function standing(parts: { perHour: number; since: number | null }[], now: number): Standing {
  const hours = (since: number | null) => (since === null ? 0 : Math.max(0, now - since) / 3600);
  return {
    perHour: parts.reduce((all, { perHour }) => all + perHour, 0),
    soFar: parts.reduce((all, { perHour, since }) => all + perHour * hours(since), 0),
  };
}
