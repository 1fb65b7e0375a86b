import type { SshIngress, SshRule } from '../../../ports/cluster/ssh-ingress.ts';
import type { MemoryAccount } from './account.ts';

/** Port 22 in memory. */
export class MemorySshIngress implements SshIngress {
  readonly #account: MemoryAccount;

  constructor(account: MemoryAccount) {
    this.#account = account;
  }

  async rules(): Promise<SshRule[]> {
    this.#account.allow('sshIngress.rules');
    return [...this.#account.ways].map(([address, until]) => ({ address, until }));
  }

  async open(address: string, until: number): Promise<void> {
    this.#account.ways.set(address, Math.max(this.#account.ways.get(address) ?? 0, until));
  }

  async extend(address: string, until: number): Promise<boolean> {
    if (!this.#account.ways.has(address)) return false;
    await this.open(address, until);
    return true;
  }

  async close(addresses: string[]): Promise<void> {
    this.#account.allow('sshIngress.close');
    for (const address of addresses) this.#account.ways.delete(address);
  }
}
