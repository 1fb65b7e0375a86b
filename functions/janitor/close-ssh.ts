/** Closes port 22 after debug sessions; the laptop that would have done so may be off. */
import type { Clock } from '../../ports/clock.ts';
import type { SshIngress } from '../../ports/cluster/ssh-ingress.ts';

/** Runs one action; logs that it was taken, or why it failed. `act` returns whether it did anything. */
export type Attempt = (what: string, act: () => Promise<boolean>) => Promise<void>;

/**
 * Removes rules of the bastions' security group.
 * @param withoutEnd false: rules that have expired. true: rules that have no end, for when nobody debugs
 */
export async function closeSsh(
  { sshIngress, clock }: { sshIngress: SshIngress; clock: Clock },
  attempt: Attempt,
  { withoutEnd }: { withoutEnd: boolean },
): Promise<void> {
  await attempt('check port 22', async () => {
    for (const { address, until } of await sshIngress.rules()) {
      if (withoutEnd ? until !== null : until === null || until > clock.now()) continue;
      const added = withoutEnd ? ', which was opened without an end' : '';
      await attempt(`close port 22 for ${address}${added}`, async () => {
        await sshIngress.close([address]);
        return true;
      });
    }
    return false;
  });
}
