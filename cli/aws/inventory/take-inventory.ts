/** Lists what exists on AWS besides the stack. */

import { existingResources } from '../../../core/resources.ts';
import type { Inventory, Resource, Scope } from '../../../ports/account/inventory.ts';
import type { Clock } from '../../../ports/clock.ts';

export interface Found extends Resource {
  going: boolean;
  /** Seconds since its creation; null: unknown. */
  age: number | null;
  /** Size of copied data, when counted. */
  size?: { files: number; bytes: number };
}

/** Confirms each resource with its own service: the tagging API still lists resources for a while after their deletion. */
export const takeInventory =
  ({ inventory, clock }: { inventory: Inventory; clock: Clock }) =>
  async (scope: Scope): Promise<Found[]> => {
    const now = clock.now();
    const found = await existingResources(inventory, scope);
    return found.map((one) => ({ ...one, age: one.since === null ? null : Math.max(0, now - one.since) }));
  };
