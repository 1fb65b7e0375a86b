import { NotFound } from '../../../core/errors/errors.ts';
import type { MachineInUse, Offer, Quota, QuotaSpec, Quotas } from '../../../ports/cluster/quotas.ts';
import type { MemoryAccount } from './account.ts';

/** Quotas in memory: those of an account that has been there for long, unless the account's say otherwise. */
export class MemoryQuotas implements Quotas {
  readonly #account: MemoryAccount;

  constructor(account: MemoryAccount) {
    this.#account = account;
  }

  async quota({ service, code, name }: QuotaSpec): Promise<Quota> {
    this.#account.allow('quotas.quota');
    const limit = this.#account.quotas.get(name) ?? 1000;
    return { service, code: code ?? 'L-00000000', name, limit };
  }

  async machines(): Promise<MachineInUse[]> {
    this.#account.allow('quotas.machines');
    return this.#account.machines;
  }

  async offer(instanceType: string, subnetIds: string[]): Promise<Offer> {
    this.#account.allow('quotas.offer');
    if (!/^[a-z]+\d[a-z-]*\.\w+$/.test(instanceType))
      throw new NotFound(`there is no instance type ${instanceType} in this region`);
    const zones = subnetIds.map((_, index) => `az${index + 1}`);
    const offeredIn = zones.filter((zone) => !this.#account.zonesWithout.has(zone));
    const machine = { vcpus: 2, memoryBytes: 8 * 2 ** 30, maxPods: 29 };
    return { ...machine, freePlan: instanceType.startsWith('t'), zones, offeredIn };
  }

  async networks(): Promise<number> {
    this.#account.allow('quotas.networks');
    return 1;
  }
}
