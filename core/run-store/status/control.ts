/** Requests to stop, and deadlines of budgets: whether a run on a cluster is over. */

import { exists, readIfThere, type Store } from '../../store.ts';
import { layout } from '../layout.ts';
import { readCosts } from './costs.ts';
import type { Control } from './live.ts';

/**
 * Whether a stop was requested, or the budget is used up. Workers check before each batch, the definition between two
 * repetitions.
 * @param now seconds since 1970
 */
export async function isOver(store: Store, execution: string, now: number): Promise<boolean> {
  if (await exists(store, layout.control)) return true;
  const deadline = await deadlineOf(store, execution);
  return deadline !== null && now >= deadline;
}

/** When the budget of an execution is used up, seconds since 1970; null without a budget. */
export const deadlineOf = async (store: Store, execution: string): Promise<number | null> =>
  (await readCosts(store)).get(execution)?.deadline ?? null;

/** The requested stop; undefined if none was requested. A damaged file counts as `now`. */
export async function readControl(store: Store): Promise<Control | undefined> {
  const text = await readIfThere(store, layout.control);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text.toString()).stop === 'drain' ? { stop: 'drain' } : { stop: 'now' };
  } catch {
    return { stop: 'now' };
  }
}

/** What the user is told after a request to drain. */
export const drainRequested = (run: string): string =>
  `asked ${run} to stop: running tasks end first, no other starts (--now kills them)`;
