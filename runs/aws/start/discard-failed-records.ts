/** Has the tasks that failed run again: workers on a cluster skip every task that has a record in a part. */

import { linesOf } from '../../../core/run-store/records/lines.ts';
import { readLine } from '../../../core/run-store/records/part-line.ts';
import { linesInOrder, partsIn } from '../../../core/run-store/records/parts.ts';
import type { Store } from '../../../core/store.ts';

const newline = '\n';

/**
 * Takes the records of failures, with the attempts counted against those tasks, out of the parts of a run that is not
 * at work. They are kept under `retried/`, which nothing reads.
 * @param after the execution whose failures these are
 * @returns how many records
 */
export async function discardFailedRecords(
  store: Store,
  repetitions: number,
  after: string,
): Promise<number> {
  let forgotten = 0;
  for (let repetition = 1; repetition <= repetitions; repetition++) {
    const failed = await failedIn(store, repetition);
    for (const [key, indices] of failed) {
      const kept: Buffer[] = [];
      const gone: Buffer[] = [];
      for await (const lines of linesOf(store.read(key)))
        for (const line of lines) {
          const read = readLine(line);
          const isGone = read.kind === 'failed' || (read.kind === 'attempt' && indices.has(read.index));
          (isGone ? gone : kept).push(line);
          if (read.kind === 'failed') forgotten++;
        }
      await store.write(`retried/${after}/${key}`, joined(gone));
      await store.write(key, joined(kept));
    }
  }
  return forgotten;
}

/** The parts with failures, and whose they are. */
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
