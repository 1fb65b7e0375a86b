/** The stages that remove a cluster with all that belongs to it, or everything, and see that nothing is left. */

import { AccessDenied, InUse, Remains, Unreachable } from '../../core/errors/errors.ts';
import { holdsNodes } from '../../core/reservations.ts';
import { existingResources } from '../../core/resources.ts';
import { type Step, waiting } from '../../core/step.ts';
import type { Executions } from '../../ports/account/executions.ts';
import type { Inventory, Resource } from '../../ports/account/inventory.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Reservation, Reservations } from '../../ports/cluster/reservations.ts';

export interface TearDownPorts {
  inventory: Inventory;
  reservations: Reservations;
  executions: Executions;
  clock: Clock;
}

export interface TearDownRequest {
  /** Null: everything. */
  cluster: string | null;
  /** The execution that asks; null when none does. */
  execution: string | null;
  /** Seconds since 1970. */
  since: number;
}

/** Seconds: a cluster takes ten minutes, a nodegroup five, and network interfaces as long as they please. */
const limit = 5400;

/**
 * Begins to remove whatever comes first in the order of removal, and waits until that is gone.
 * @throws InUse when another run is going on there; TookTooLong with what does not go
 */
export const tearDown =
  (ports: TearDownPorts) =>
  async ({ cluster, execution, since }: TearDownRequest): Promise<Step> => {
    const { inventory, clock } = ports;
    const left = await existingResources(inventory, { cluster });
    const [first] = left;
    if (!first) return { state: 'ready' };
    await refuseWhileUsed(ports, left, execution);
    const same = left.filter(({ kind }) => kind === first.kind);
    for (const resource of same) if (!resource.going) await inventory.remove(resource);
    return waiting(`being removed: ${listed(same)}`, { now: clock.now(), since, limit });
  };

async function refuseWhileUsed(
  { reservations, executions }: TearDownPorts,
  left: Resource[],
  execution: string | null,
): Promise<void> {
  for (const { kind, name } of left) {
    if (kind !== 'cluster') continue;
    const reserved = await reservations.list(name).catch(async (error) => {
      if (!isMute(error)) throw error;
      // Half made, or broken: it has to go all the same, but not while any run is going on that may be there.
      const running = await executions.running();
      if (running.some((one) => one.name !== execution)) throw error;
      return [];
    });
    for (const one of reserved)
      if (one.execution !== execution && holdsNodes(one) && (await isRunning(executions, one)))
        throw new InUse(`run ${one.run} is going on on cluster ${name}`, {
          hint: `Wait for its end, or end it: gcd-sfn stop ${one.run}`,
        });
  }
}

/** A cluster that cannot be asked who uses it. */
const isMute = (error: unknown): boolean => error instanceof Unreachable || error instanceof AccessDenied;

const isRunning = async (executions: Executions, { execution }: Reservation) =>
  (await executions.find(execution))?.state === 'running';

/**
 * Takes the inventory by tags and by asking each service, and finds nothing.
 * @throws Remains with what there is
 */
export const confirmGone =
  ({ inventory }: Pick<TearDownPorts, 'inventory'>) =>
  async ({ cluster }: Pick<TearDownRequest, 'cluster'>): Promise<Record<string, never>> => {
    const left = await existingResources(inventory, { cluster });
    if (left.length === 0) return {};
    throw new Remains(`after the clean-up there is still: ${listed(left)}`, {
      hint: 'gcd-sfn cleanup goes on; what it cannot remove, the AWS console shows by these names.',
    });
  };

const shown = 10;

function listed(resources: Resource[]): string {
  const names = resources.slice(0, shown).map(({ kind, name }) => `${kind} ${name}`);
  return resources.length > shown
    ? `${names.join(', ')} and ${resources.length - shown} more`
    : names.join(', ');
}
