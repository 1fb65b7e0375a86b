/** Whether more work is handed out on a cluster: what somebody asked for, and what the budget allows. */

import { exists, readIfThere, type Store } from '../../store.ts';
import { layout } from '../layout.ts';
import { readCosts } from './costs.ts';
import type { Control } from './live.ts';

/**
 * Workers ask before they take a batch, the definition between two repetitions. A `Control` is a wish to stop; the
 * deadline is the execution's own, kept with its cost, so that nobody writes over what another one wrote.
 * @param now seconds since 1970
 */
export async function isOver(store: Store, execution: string, now: number): Promise<boolean> {
  if (await exists(store, layout.control)) return true;
  const deadline = await deadlineOf(store, execution);
  return deadline !== null && now >= deadline;
}

/** When the budget of an execution is used up, seconds since 1970; null when it has none. */
export const deadlineOf = async (store: Store, execution: string): Promise<number | null> =>
  (await readCosts(store)).get(execution)?.deadline ?? null;

/** What somebody asked for; undefined when nobody did. One that cannot be read is a wish all the same. */
export async function readControl(store: Store): Promise<Control | undefined> {
  const text = await readIfThere(store, layout.control);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text.toString()).stop === 'drain' ? { stop: 'drain' } : { stop: 'now' };
  } catch {
    return { stop: 'now' };
  }
}

/** The line of a request to drain, wherever the run works. */
export const drainRequested = (run: string): string =>
  `asked ${run} to stop: running tasks end first, nothing else begins (--now ends them)`;
