import type { MapRuns } from '../../../ports/account/map-runs.ts';
import type { MemoryAccount } from './account.ts';

/** Maps in memory: their concurrency by their executions' names. */
export class MemoryMapRuns implements MapRuns {
  readonly #account: MemoryAccount;

  constructor(account: MemoryAccount) {
    this.#account = account;
  }

  async widen(execution: string, concurrency: number): Promise<boolean> {
    this.#account.allow('mapRuns.widen');
    const now = this.#account.mapRuns.get(execution);
    if (now === undefined || now >= concurrency) return false;
    this.#account.mapRuns.set(execution, concurrency);
    return true;
  }
}
