/** Whether more work is handed out on a cluster: what somebody asked for, and what the budget allows. */
import { readCosts } from './costs.ts';
import { layout } from './layout.ts';
import { exists, type Store } from './store.ts';

/**
 * Workers ask before they take a batch, the definition between two repetitions. A `Control` is a wish to stop; the
 * deadline is the execution's own, kept with its cost, so that nobody writes over what another one wrote.
 * @param now seconds since 1970
 */
export async function isOver(store: Store, execution: string, now: number): Promise<boolean> {
  if (await exists(store, layout.control)) return true;
  const deadline = (await readCosts(store)).get(execution)?.deadline ?? null;
  return deadline !== null && now >= deadline;
}
