/** For `--retry-failed`: workers skip every task with a record, so the records of failures are removed. */

import { linesOf } from '../../../core/run-store/records/lines.ts';
import { readLine } from '../../../core/run-store/records/part-line.ts';
import { linesInOrder, partsIn } from '../../../core/run-store/records/parts.ts';
import type { Store } from '../../../core/store.ts';

const newline = '\n';

/**
 * Moves records of failures, and counted attempts of those tasks, from the parts to `retried/`, which nothing reads. The run
 * must not be at work.
 * @param after the execution whose failures these are
 * @returns number of failed tasks
 */
export async function discardFailedRecords(
  store: Store,
  repetitions: number,
  after: string,
): Promise<number> {
  let discarded = 0;
  for (let repetition = 1; repetition <= repetitions; repetition++) {
    const failed = await failedIn(store, repetition);
    for (const [key, indices] of failed) {
      const kept: Buffer[] = [];
      const discardedLines: Buffer[] = [];
      for await (const lines of linesOf(store.read(key)))
        for (const line of lines) {
          const read = readLine(line);
          const isDiscarded = read.kind === 'failed' || (read.kind === 'attempt' && indices.has(read.index));
          (isDiscarded ? discardedLines : kept).push(line);
          if (read.kind === 'failed') discarded++;
        }
      await store.write(`retried/${after}/${key}`, joined(discardedLines));
      await store.write(key, joined(kept));
    }
  }
  return discarded;
}

/** Keys of parts with failures, with the indices of the failed tasks. */
async function failedIn(store: Store, repetition: number): Promise<Map<string, Set<number>>> {
  const failed = new Set<number>();
  const attempted = new Map<string, Set<number>>();
  for await (const { key, lines } of linesInOrder(store, partsIn(store, repetition)))
    for (const line of lines) {
      const read = readLine(line);
      if (read.kind !== 'failed' && read.kind !== 'attempt') continue;
      if (read.kind === 'failed') failed.add(read.index);
      const mine = attempted.get(key) ?? new Set();
      attempted.set(key, mine.add(read.index));
    }
  const found = new Map<string, Set<number>>();
  for (const [key, indices] of attempted) {
    const both = new Set([...indices].filter((index) => failed.has(index)));
    if (both.size > 0) found.set(key, both);
  }
  return found;
}

const joined = (lines: Buffer[]): Buffer =>
  Buffer.concat(lines.flatMap((line) => [line, Buffer.from(newline)]));
