/** Files without a task, which the user gets to see. */

import type { SkippedFile } from '../../../core/run-store/plan/plan.ts';
import { LineChunks } from '../../../core/run-store/records/lines.ts';
import { Numbers, Texts } from '../tasks/typed-lists.ts';

/** Files and why each was skipped. Each of the few reasons is stored once. */
export class Skipped {
  readonly #files = new Texts();
  readonly #reasonOf = new Numbers(Uint32Array);
  readonly #reasons: string[] = [];
  readonly #reasonIds = new Map<string, number>();

  get count(): number {
    return this.#files.length;
  }

  add({ file, why }: SkippedFile): void {
    let reason = this.#reasonIds.get(why);
    if (reason === undefined) {
      reason = this.#reasons.push(why) - 1;
      this.#reasonIds.set(why, reason);
    }
    this.#files.push(file);
    this.#reasonOf.push(reason);
  }

  /** At most `limit` of them. */
  first(limit: number): SkippedFile[] {
    return Array.from({ length: Math.min(limit, this.count) }, (_, index) => this.#at(index));
  }

  /** A line of JSON a file. */
  *lines(): Generator<Buffer> {
    const lines = new LineChunks();
    for (let index = 0; index < this.count; index++) {
      const full = lines.add(JSON.stringify(this.#at(index)));
      if (full) yield full;
    }
    yield lines.rest();
  }

  #at(index: number): SkippedFile {
    return { file: this.#files.at(index), why: this.#reasons[this.#reasonOf.at(index)] as string };
  }
}
