import type { SshDoor, Way } from '../../../ports/cluster/ssh-door.ts';
import type { MemoryAccount } from './account.ts';

/** Port 22 in memory. */
export class MemorySshDoor implements SshDoor {
  readonly #account: MemoryAccount;

  constructor(account: MemoryAccount) {
    this.#account = account;
  }

  async ways(): Promise<Way[]> {
    this.#account.allow('sshDoor.ways');
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
    this.#account.allow('sshDoor.close');
    for (const address of addresses) this.#account.ways.delete(address);
  }
}
