import type { BuildStatus, ImageSpec, Images } from '../../../ports/cluster/images.ts';
import type { MemoryAccount } from './account.ts';

/** Container images in memory: a build takes some looks. */
export class MemoryImages implements Images {
  readonly #account: MemoryAccount;

  constructor(account: MemoryAccount) {
    this.#account = account;
  }

  async find(digest: string): Promise<string | undefined> {
    return this.#account.images.get(digest)?.state === 'succeeded' ? `registry/project:${digest}` : undefined;
  }

  async status(digest: string): Promise<BuildStatus> {
    const found = this.#account.images.get(digest);
    if (!found) return { state: 'none' };
    if (found.state === 'building' && found.looks-- <= 0) {
      const failed = this.#account.failingBuilds.has(digest);
      const next: BuildStatus = failed
        ? { state: 'failed', lines: ['Step 2/5 : RUN pip install', 'ERROR: no such package'] }
        : { state: 'succeeded' };
      this.#account.images.set(digest, { ...next, looks: 0 });
      return next;
    }
    const { looks: _, ...status } = found;
    return status as BuildStatus;
  }

  async build({ digest }: ImageSpec): Promise<void> {
    this.#account.allow('images.build');
    const state = this.#account.images.get(digest)?.state;
    if (state === 'building' || state === 'succeeded') return;
    this.#account.images.set(digest, { state: 'building', looks: this.#account.looks });
  }

  async remove(digest: string): Promise<void> {
    this.#account.images.delete(digest);
  }
}
