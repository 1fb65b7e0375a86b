/** The stages TearDown and ConfirmGone: remove a cluster with all that belongs to it, or everything, and check the result. */

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
  /** The execution on whose behalf this is done; null if none. */
  execution: string | null;
  /** Seconds since 1970. */
  since: number;
}

/** Seconds: a cluster takes ten minutes, a nodegroup five, network interfaces up to an hour. */
const limit = 5400;

/**
 * Starts the deletion of the resources that come first in the order of removal, and waits until they are deleted.
 * @throws InUse if another run uses the cluster; TookTooLong, which names what could not be deleted
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
    return waiting(`deleting ${listed(same)}`, { now: clock.now(), since, limit });
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
      // Half created, or broken: delete it all the same, but not while a run that may use it is running.
      const running = await executions.running();
      if (running.some((one) => one.name !== execution)) throw error;
      return [];
    });
    for (const one of reserved)
      if (one.execution !== execution && holdsNodes(one) && (await isRunning(executions, one)))
        throw new InUse(`run ${one.run} is using cluster ${name}`, {
          hint: `Wait for its end, or stop it: gcd-sfn stop ${one.run}`,
        });
  }
}

/** A cluster that does not tell who uses it. */
const isMute = (error: unknown): boolean => error instanceof Unreachable || error instanceof AccessDenied;

const isRunning = async (executions: Executions, { execution }: Reservation) =>
  (await executions.find(execution))?.state === 'running';

/**
 * Checks that nothing is left, by tags and by asking each service.
 * @throws Remains, which lists what exists
 */
export const confirmGone =
  ({ inventory }: Pick<TearDownPorts, 'inventory'>) =>
  async ({ cluster }: Pick<TearDownRequest, 'cluster'>): Promise<Record<string, never>> => {
    const left = await existingResources(inventory, { cluster });
    if (left.length === 0) return {};
    throw new Remains(`the clean-up left: ${listed(left)}`, {
      hint: 'Run gcd-sfn cleanup again. What it cannot remove, you find in the AWS console by these names.',
    });
  };

const shown = 10;

function listed(resources: Resource[]): string {
  const names = resources.slice(0, shown).map(({ kind, name }) => `${kind} ${name}`);
  return resources.length > shown
    ? `${names.join(', ')} and ${resources.length - shown} more`
    : names.join(', ');
}
