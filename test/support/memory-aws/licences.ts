import type { Licences } from '../../../ports/account/licences.ts';
import type { MemoryAccount } from './account.ts';

/** Licence files in memory. */
export class MemoryLicences implements Licences {
  readonly #account: MemoryAccount;

  constructor(account: MemoryAccount) {
    this.#account = account;
  }

  async put(run: string, content: Uint8Array): Promise<void> {
    this.#account.licences.set(run, { content, since: this.#account.clock.now() });
  }

  async has(run: string): Promise<boolean> {
    return this.#account.licences.has(run);
  }

  async remove(run: string): Promise<void> {
    this.#account.allow('licences.remove');
    this.#account.licences.delete(run);
  }

  async list(): Promise<{ run: string; since: number }[]> {
    return [...this.#account.licences].map(([run, { since }]) => ({ run, since }));
  }
}
