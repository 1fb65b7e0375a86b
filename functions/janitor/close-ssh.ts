/** What the janitor ends of those who debug: the laptop that would have done it may be dead. */
import type { Clock } from '../../ports/clock.ts';
import type { SshDoor } from '../../ports/cluster/ssh-door.ts';

/** Does one thing of many, and notes that it was done, or why not. */
export type Attempt = (what: string, act: () => Promise<boolean>) => Promise<void>;

/**
 * Closes port 22 for whom it was opened, when that is over.
 * @param endless whether that is about what was opened without an end, and only that: when nobody debugs
 */
export async function closeWays(
  { sshDoor, clock }: { sshDoor: SshDoor; clock: Clock },
  attempt: Attempt,
  { endless }: { endless: boolean },
): Promise<void> {
  await attempt('port 22 was looked at', async () => {
    for (const { address, until } of await sshDoor.ways()) {
      if (endless ? until !== null : until === null || until > clock.now()) continue;
      const added = endless ? ', which was opened without an end' : '';
      await attempt(`port 22 was closed for ${address}${added}`, async () => {
        await sshDoor.close([address]);
        return true;
      });
    }
    return false;
  });
}
