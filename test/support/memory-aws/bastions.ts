import { AlreadyThere, NotFound } from '../../../core/errors/errors.ts';
import type { Bastion, BastionSpec, Bastions } from '../../../ports/cluster/bastions.ts';
import type { MemoryAccount, MemoryBastion } from './account.ts';
import { look } from './slow.ts';

/** Bastions in memory. */
export class MemoryBastions implements Bastions {
  readonly #account: MemoryAccount;

  constructor(account: MemoryAccount) {
    this.#account = account;
  }

  async find(name: string): Promise<Bastion | undefined> {
    const found = look<string, Bastion['status'], MemoryBastion>(this.#account.bastions, name);
    return found && { name, status: found.status, debuggedUntil: found.debuggedUntil };
  }

  async list(): Promise<Bastion[]> {
    const found = await Promise.all([...this.#account.bastions.keys()].map((name) => this.find(name)));
    return found.filter((one) => one !== undefined && one.status !== 'removed') as Bastion[];
  }

  async create({ name, cluster }: BastionSpec): Promise<void> {
    const account = this.#account;
    account.allow('bastions.create');
    const there = account.bastions.get(name);
    if (there && there.status !== 'removed') throw new AlreadyThere(`there is a bastion ${name} already`);
    const slow = account.becoming<Bastion['status']>('starting', 'running');
    account.bastions.set(name, { ...slow, debuggedUntil: null, since: account.clock.now(), cluster });
  }

  async start(name: string): Promise<void> {
    this.#account.allow('bastions.start');
    const found = this.#account.bastions.get(name);
    if (!found || found.status === 'removed') throw new NotFound(`there is no bastion ${name}`);
    if (found.status === 'stopped') this.#become(found, 'starting', 'running');
  }

  async stop(name: string): Promise<void> {
    this.#account.allow('bastions.stop');
    const found = this.#account.bastions.get(name);
    if (found?.status === 'running' || found?.status === 'starting')
      this.#become(found, 'stopping', 'stopped');
  }

  async lease(name: string, until: number): Promise<void> {
    const found = this.#account.bastions.get(name);
    if (found) found.debuggedUntil = Math.max(found.debuggedUntil ?? 0, until);
  }

  async endLease(name: string): Promise<void> {
    const found = this.#account.bastions.get(name);
    if (found) found.debuggedUntil = null;
  }

  async remove(name: string): Promise<void> {
    this.#account.allow('bastions.remove');
    const found = this.#account.bastions.get(name);
    // Seen as removed for a while, as EC2 shows terminated instances.
    if (found && found.status !== 'removed') this.#become(found, 'removed', 'gone');
  }

  #become(found: MemoryBastion, status: Bastion['status'], next: Bastion['status'] | 'gone'): void {
    Object.assign(found, this.#account.becoming(status, next), { unseen: 0 });
  }
}
