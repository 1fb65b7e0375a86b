/** What exists now, for the command `resources`. */

import { confirmed, type Inventory, type Resource, type Scope } from '../../ports/account/inventory.ts';
import type { Clock } from '../../ports/clock.ts';

export interface Found extends Resource {
  going: boolean;
  /** Seconds for which it has been there; null when nobody knows. */
  age: number | null;
  /** Of copied data, where it was counted. */
  size?: { files: number; bytes: number };
}

/** Confirmed by asking each service, because tags are listed for a while after their things are gone. */
export const takeInventory =
  ({ inventory, clock }: { inventory: Inventory; clock: Clock }) =>
  async (scope: Scope): Promise<Found[]> => {
    const now = clock.now();
    const found = await confirmed(inventory, scope);
    return found.map((one) => ({ ...one, age: one.since === null ? null : Math.max(0, now - one.since) }));
  };
