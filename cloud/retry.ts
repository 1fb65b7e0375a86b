/** Has the tasks that failed run again: workers on a cluster skip every task that has a record in a part. */
import { headOf, linesOf, partsOf } from '../ports/parts.ts';
import type { Store } from '../ports/store.ts';

const newline = '\n';

/**
 * Takes the records of failures, with the attempts counted against those tasks, out of the parts of a run that is not
 * at work. They are kept under `retried/`, which nothing reads.
 * @param after the execution whose failures these are
 * @returns how many records
 */
export async function forgetFailures(store: Store, repetitions: number, after: string): Promise<number> {
  let forgotten = 0;
  for (let repetition = 1; repetition <= repetitions; repetition++) {
    const failed = await failedIn(store, repetition);
    for (const [key, indices] of failed) {
      const kept: Buffer[] = [];
      const gone: Buffer[] = [];
      for await (const lines of linesOf(store.read(key)))
        for (const line of lines) {
          const head = headOf(line);
          const isGone = head?.kind === 'failed' || (head?.kind === 'attempt' && indices.has(head.index));
          (isGone ? gone : kept).push(line);
          if (head?.kind === 'failed') forgotten++;
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
  for await (const key of partsOf(store, repetition)) {
    const mine = new Set<number>();
    for await (const lines of linesOf(store.read(key)))
      for (const line of lines) {
        const head = headOf(line);
        if (head?.kind === 'failed') failed.add(head.index);
        if (head?.kind === 'failed' || head?.kind === 'attempt') mine.add(head.index);
      }
    if (mine.size > 0) attempted.set(key, mine);
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
