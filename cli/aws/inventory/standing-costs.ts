/** Adds to each resource of the inventory what it costs. */

import type { PriceList } from '../../../core/estimate/cost/price-list.ts';
import {
  clusterHour,
  machineHour,
  type Standing,
  standing,
  storageHour,
} from '../../../core/estimate/cost/standing-cost.ts';
import type { Prices } from '../../../ports/account/prices.ts';
import type { RunningMachine } from '../../../ports/cluster/machines.ts';
import type { Found } from './take-inventory.ts';

export interface PricedResource extends Found {
  /** Its running instances: number by type. */
  machines: Record<string, number>;
  cost: Standing;
}

export interface PricedInventory {
  resources: PricedResource[];
  cost: Standing;
  /** Source, and date of the oldest price list; null when nothing is billed by the hour. */
  prices: Pick<PriceList, 'date' | 'source'> | null;
}

/** The cluster's price is the same in the list of any type. */
const anyType = 't3.micro';

/** @throws NotFound when an instance type has no price */
export async function priceResources(
  found: Found[],
  machines: RunningMachine[],
  { prices, region, now }: { prices: Prices; region: string; now: number },
): Promise<PricedInventory> {
  const lists = new Map<string, PriceList>();
  const listOf = async ({ instanceType, spot }: Pick<RunningMachine, 'instanceType' | 'spot'>) => {
    const key = `${instanceType} ${spot}`;
    const list = lists.get(key) ?? (await prices.list(region, instanceType, spot));
    lists.set(key, list);
    return list;
  };
  const resources: PricedResource[] = [];
  for (const one of found) {
    const its = machines.filter((machine) => belongs(machine, one));
    const parts: { perHour: number; since: number | null }[] = [];
    for (const machine of its)
      parts.push({ perHour: machineHour(await listOf(machine), machine), since: machine.since });
    if (one.kind === 'cluster')
      parts.push({
        perHour: clusterHour(await listOf({ instanceType: anyType, spot: false })),
        since: one.since,
      });
    if (one.size) {
      const list = await listOf({ instanceType: anyType, spot: false });
      parts.push({ perHour: storageHour(list, one.size.bytes), since: one.since });
    }
    const counts: Record<string, number> = {};
    for (const { instanceType, spot } of its) {
      const name = spot ? `${instanceType} spot` : instanceType;
      counts[name] = (counts[name] ?? 0) + 1;
    }
    resources.push({ ...one, machines: counts, cost: standing(parts, now) });
  }
  const total = (of: keyof Standing) => resources.reduce((all, { cost }) => all + cost[of], 0);
  const all = [...lists.values()].sort((a, b) => a.date.localeCompare(b.date));
  return {
    resources,
    cost: { perHour: total('perHour'), soFar: total('soFar') },
    prices: all[0]
      ? { date: all[0].date, source: all.every(({ source }) => source === 'aws') ? 'aws' : 'bundled' }
      : null,
  };
}

function belongs({ cluster, nodegroup }: RunningMachine, one: Found): boolean {
  if (one.cluster !== cluster) return false;
  return one.kind === 'nodegroup' ? one.name === nodegroup : one.kind === 'bastion' && nodegroup === null;
}
