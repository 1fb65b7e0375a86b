/** The stages that see to the machine from which somebody looks into the cluster. */
import type { Bastions, BastionWanted } from '../../ports/bastions.ts';
import type { Clock } from '../../ports/clock.ts';
import { AlreadyThere } from '../../ports/errors.ts';
import { type Step, waiting } from '../../ports/step.ts';

/** Seconds until it runs. */
const limit = 900;

/**
 * Makes the bastion, or starts the one that is there.
 * @throws TookTooLong, QuotaExceeded, CapacityUnavailable, AccessDenied
 */
export const ensureBastion =
  ({ bastions, clock }: { bastions: Bastions; clock: Clock }) =>
  async ({ want, since }: { want: BastionWanted; since: number }): Promise<Step> => {
    const wait = (detail: string) => waiting(detail, { now: clock.now(), since, limit });
    const found = await bastions.find(want.name);
    switch (found?.status) {
      case 'running':
        return { state: 'ready' };
      case 'starting':
        return wait('the bastion is starting');
      case 'stopping':
        return wait('the bastion is stopping; it is started again after that');
      case 'stopped':
        await bastions.start(want.name);
        return wait('the bastion is being started');
      default:
        await bastions.create(want).catch(unlessThere);
        return wait('the bastion is being made');
    }
  };

/**
 * Begins to stop the bastion, unless somebody uses it. One that is not there is no error.
 * @param name empty when the run has none
 */
export const stopBastion =
  ({ bastions }: { bastions: Bastions }) =>
  async ({ name }: { name: string }): Promise<Record<string, never>> => {
    if (name === '') return {};
    const found = await bastions.find(name);
    if (found && !found.debugging && (found.status === 'running' || found.status === 'starting'))
      await bastions.stop(name);
    return {};
  };

function unlessThere(error: unknown): void {
  if (!(error instanceof AlreadyThere)) throw error;
}
