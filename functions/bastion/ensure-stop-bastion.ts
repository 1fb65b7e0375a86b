/** The stages EnsureBastion and StopBastion: the EC2 instance from which somebody debugs a cluster. */

import { isDebugged } from '../../core/bastion.ts';
import { AlreadyThere } from '../../core/errors/errors.ts';
import { type Step, waiting } from '../../core/step.ts';
import type { Clock } from '../../ports/clock.ts';
import type { BastionSpec, Bastions } from '../../ports/cluster/bastions.ts';

/** Maximum seconds until it is running, or stopped. */
const limit = 900;

/**
 * Creates the bastion, or starts the existing one.
 * @param until the status to wait for; a run does not wait for `running`
 * @throws TookTooLong, QuotaExceeded, CapacityUnavailable, AccessDenied
 */
export const ensureBastion =
  ({ bastions, clock }: { bastions: Bastions; clock: Clock }, until: 'starting' | 'running') =>
  async ({ want, since }: { want: BastionSpec; since: number }): Promise<Step> => {
    const wait = (detail: string) => waiting(detail, { now: clock.now(), since, limit });
    const found = await bastions.find(want.name);
    switch (found?.status) {
      case 'running':
        return { state: 'ready' };
      case 'starting':
        return until === 'starting' ? { state: 'ready' } : wait('the bastion is starting');
      case 'stopping':
        return wait('the bastion is stopping; it is started again afterwards');
      case 'stopped':
        await bastions.start(want.name);
        return wait('the bastion is being started');
      default:
        await bastions.create(want).catch(unlessThere);
        return wait('the bastion is being created');
    }
  };

/**
 * Starts stopping the bastion, unless somebody debugs from it. EC2 cannot stop an instance that is still starting. Idempotent.
 * @param name empty if the run has none
 * @throws TookTooLong
 */
export const stopBastion =
  ({ bastions, clock }: { bastions: Bastions; clock: Clock }) =>
  async ({ name, since = clock.now() }: { name: string; since?: number | undefined }): Promise<Step> => {
    const found = name === '' ? undefined : await bastions.find(name);
    if (found?.status === 'starting')
      return waiting('the bastion is starting; it is stopped afterwards', { now: clock.now(), since, limit });
    if (found?.status === 'running' && !isDebugged(found, clock.now())) await bastions.stop(name);
    return { state: 'ready' };
  };

function unlessThere(error: unknown): void {
  if (!(error instanceof AlreadyThere)) throw error;
}
