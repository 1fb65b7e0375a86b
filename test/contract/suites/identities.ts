/** What every adapter of Identities must do. */
import { expect, test } from '@jest/globals';
import { NotFound } from '../../../core/errors/errors.ts';
import type { Identities, IdentitySpec } from '../../../ports/cluster/identities.ts';

export const identityWanted = (execution: string): IdentitySpec => ({
  ...{ run: 'r', execution, cluster: 'c', queueUrl: 'https://sqs/1/s-r-1' },
  data: { bucket: 'data', prefix: '' },
  tags: { managedBy: 'gcd-sfn' },
});

/** @param make makes an account with an active cluster `c` */
export function identitiesSuite(name: string, make: () => Promise<Identities>): void {
  test(`Identities: ${name}: one an execution, however often it is given or taken`, async () => {
    const all = await make();
    const since = await all.give(identityWanted('r-1'));
    expect(since).toBeGreaterThan(1_700_000_000);
    expect(await all.give(identityWanted('r-1'))).toBe(since);
    await all.give(identityWanted('q-1'));
    expect((await all.list('c')).sort()).toEqual(['q-1', 'r-1']);
    await all.take('c', 'r-1');
    await all.take('c', 'r-1');
    expect(await all.list('c')).toEqual(['q-1']);
    expect(await all.list('nowhere')).toEqual([]);
    await all.take('nowhere', 'r-1');
    await expect(all.give({ ...identityWanted('r-1'), cluster: 'nowhere' })).rejects.toThrow(NotFound);
  });
}
