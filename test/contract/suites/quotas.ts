/** What every adapter of Quotas must do. */
import { expect, test } from '@jest/globals';
import { clusterQuota, machineQuota, networkQuota } from '../../../cli/aws/quotas/codes.ts';
import { NotFound } from '../../../core/errors/errors.ts';
import type { Quotas } from '../../../ports/cluster/quotas.ts';

export interface QuotasAccount {
  quotas: Quotas;
  /** Two of the region, in different zones. */
  subnetIds: string[];
  /** Has the account's own value be this. */
  limit(quota: { service: string; code: string | null; name: string }, value: number): Promise<void> | void;
}

/** @param make makes an account without machines of others */
export function quotasSuite(name: string, make: () => Promise<QuotasAccount>): void {
  test(`Quotas: ${name}: the account's own value, and AWS's where it has none`, async () => {
    const { quotas, limit } = await make();
    const wanted = machineQuota('m6i.large', false)!;
    await limit(wanted, 5);
    expect(await quotas.quota(wanted)).toEqual({ ...wanted, limit: 5 });
    for (const other of [machineQuota('m6i.large', true)!, clusterQuota, networkQuota])
      expect((await quotas.quota(other)).limit).toBeGreaterThan(0);
  });

  test(`Quotas: ${name}: one that is known by its name alone`, async () => {
    const { quotas } = await make();
    const wanted = {
      service: 'codebuild',
      code: null,
      name: 'Concurrently running builds for ARM/Medium environment',
    };
    expect(await quotas.quota(wanted)).toMatchObject({
      ...{ service: 'codebuild', name: wanted.name, code: expect.stringMatching(/^L-[0-9A-F]{8}$/) },
      limit: expect.any(Number),
    });
  });

  test(`Quotas: ${name}: what a type is, and where it is offered`, async () => {
    const { quotas, subnetIds } = await make();
    const offer = await quotas.offer('m6i.large', subnetIds);
    expect(offer).toMatchObject({ vcpus: 2, memoryBytes: 8 * 2 ** 30, maxPods: 29, freePlan: false });
    expect(offer.zones).toHaveLength(2);
    expect(offer.offeredIn).toEqual(offer.zones);
    expect((await quotas.offer('t3.micro', subnetIds)).freePlan).toBe(true);
    expect((await quotas.offer('t3.micro', [])).zones).toEqual([]);
    await expect(quotas.offer('m99.nothing', subnetIds)).rejects.toThrow(NotFound);
  });

  test(`Quotas: ${name}: networks, and no machines where there are none`, async () => {
    const { quotas } = await make();
    expect(await quotas.machines()).toEqual([]);
    expect(await quotas.networks()).toBeGreaterThan(0);
  });
}
