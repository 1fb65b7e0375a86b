/** `costs/<execution>.json`: the cost of an execution. Amounts are US dollars. */

import { readAll, type Store } from '../../store.ts';
import { layout } from '../layout.ts';

export interface Cost {
  /** Seconds since 1970: when it started, and when its nodes were released; null until then. */
  from: number;
  to: number | null;
  /** While it has nodes. */
  perHour: number;
  /** Independent of time: builds, requests, transitions. */
  once: number;
  /** After which no task starts, seconds since 1970; null without a budget. */
  deadline: number | null;
  /** Date of the prices, `2026-11-22`. */
  pricesOf: string;
}

/** @returns costs by execution; empty for a run that never had nodes */
export async function readCosts(store: Store): Promise<Map<string, Cost>> {
  const costs = new Map<string, Cost>();
  for await (const { key } of store.list(layout.costs)) {
    const execution = key.slice(layout.costs.length).replace(/\.json$/, '');
    costs.set(execution, JSON.parse((await readAll(store, key)).toString()));
  }
  return costs;
}

/** An execution that was never summed up counts until its deadline, at most until now. */
export function dollarsOf({ from, to, perHour, once, deadline }: Cost, now: number): number {
  const end = to ?? Math.min(now, deadline ?? now);
  return once + (perHour * Math.max(0, end - from)) / 3600;
}
