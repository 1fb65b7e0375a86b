import type { Queues } from '../../../ports/cluster/queues.ts';
import type { MemoryAccount } from './account.ts';

/** Queues in memory. */
export class MemoryQueues implements Queues {
  readonly #account: MemoryAccount;

  constructor(account: MemoryAccount) {
    this.#account = account;
  }

  async find(execution: string): Promise<string | undefined> {
    return this.#account.queues.has(execution) ? url(execution) : undefined;
  }

  async create(execution: string): Promise<string> {
    this.#account.allow('queues.create');
    const { queues, clock } = this.#account;
    if (!queues.has(execution)) queues.set(execution, clock.now());
    return url(execution);
  }

  async remove(execution: string): Promise<void> {
    this.#account.allow('queues.remove');
    this.#account.queues.delete(execution);
  }

  async list(): Promise<string[]> {
    return [...this.#account.queues.keys()];
  }
}

const url = (execution: string) => `https://queues/${execution}`;
