/** `costs/<execution>.json`: what an execution costs, and has cost. Amounts are US dollars. */

import { readAll, type Store } from '../../store.ts';
import { layout } from '../layout.ts';

export interface Cost {
  /** Seconds since 1970: when it began, and when its nodes were given back; null while they are there. */
  from: number;
  to: number | null;
  /** While its nodes are there. */
  perHour: number;
  /** Whatever the time: builds, requests, transitions. */
  once: number;
  /** After which nothing is begun, seconds since 1970; null without a budget. */
  deadline: number | null;
  /** The day of the prices, `2026-11-22`. */
  pricesOf: string;
}

/** @returns by execution; none for a run that never had nodes */
export async function readCosts(store: Store): Promise<Map<string, Cost>> {
  const costs = new Map<string, Cost>();
  for await (const { key } of store.list(layout.costs)) {
    const execution = key.slice(layout.costs.length).replace(/\.json$/, '');
    costs.set(execution, JSON.parse((await readAll(store, key)).toString()));
  }
  return costs;
}

/** One that nobody has closed is taken to have lasted until its deadline, at most until now. */
export function dollarsOf({ from, to, perHour, once, deadline }: Cost, now: number): number {
  const end = to ?? Math.min(now, deadline ?? now);
  return once + (perHour * Math.max(0, end - from)) / 3600;
}
