/** Chooses the two zones of the network: once, when the stack is created, since a subnet cannot be moved. */
import { UsageError } from '../../core/errors/errors.ts';
import type { Zone, Zones } from '../../ports/cluster/zones.ts';

/** EKS does not create clusters with a subnet in one of these. */
const withoutEks = new Set(['use1-az3', 'usw1-az2', 'cac1-az3']);

export interface ChosenZones {
  first: Zone;
  second: Zone;
}

/**
 * @param before ids that were chosen earlier; they are kept
 * @throws UsageError if EKS can use fewer than two zones of the region
 */
export const chooseZones =
  ({ zones }: { zones: Zones }) =>
  async ({ before }: { before: string[] }): Promise<ChosenZones> => {
    const all = await zones.list();
    const usable = all
      .filter(({ id }) => !withoutEks.has(id))
      .sort(
        (a, b) => Number(before.includes(b.id)) - Number(before.includes(a.id)) || (a.id < b.id ? -1 : 1),
      );
    const [first, second] = usable;
    if (!first || !second)
      throw new UsageError(
        `EKS needs two zones, and of this region's ${all.map(({ id }) => id).join(', ') || 'none'} it can use ${usable.length}`,
        { hint: 'Deploy the stack to another region.' },
      );
    // Keep the order of `before`, so that neither subnet moves.
    const order = (id: string) => before.indexOf(id);
    return order(second.id) !== -1 && order(second.id) < order(first.id)
      ? { first: second, second: first }
      : { first, second };
  };
