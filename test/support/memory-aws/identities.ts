import { NotFound } from '../../../core/errors/errors.ts';
import type { Identities, IdentitySpec } from '../../../ports/cluster/identities.ts';
import type { MemoryAccount } from './account.ts';

/** Identities in memory. */
export class MemoryIdentities implements Identities {
  readonly #account: MemoryAccount;

  constructor(account: MemoryAccount) {
    this.#account = account;
  }

  async give({ cluster, execution }: IdentitySpec): Promise<number> {
    const { clusters, identities, clock } = this.#account;
    this.#account.allow('identities.give');
    if (!clusters.has(cluster)) throw new NotFound(`there is no cluster ${cluster}`);
    const key = `${cluster}/${execution}`;
    const since = identities.get(key) ?? clock.now();
    identities.set(key, since);
    return since;
  }

  async list(cluster: string): Promise<string[]> {
    const keys = [...this.#account.identities.keys()];
    return keys.filter((key) => key.startsWith(`${cluster}/`)).map((key) => key.slice(cluster.length + 1));
  }

  async take(cluster: string, execution: string): Promise<void> {
    this.#account.allow('identities.take');
    this.#account.identities.delete(`${cluster}/${execution}`);
  }
}
