/**
 * The events of a run in its store: one `events.jsonl` of a run that a machine of the user walks, and appends to; of one
 * that Step Functions walks a file each execution, because an object cannot be appended to.
 */

import { readIfThere, type Store } from '../../store.ts';
import { layout } from '../layout.ts';
import { jsonLines } from '../records/lines.ts';

/** `at` is seconds since 1970. */
export type RunEvent = { at: number } & (
  | { event: 'execution-started'; execution: string }
  | { event: 'state-entered' | 'state-exited'; state: string; type: string }
  | { event: 'state-failed'; state: string; error: string; cause: string }
  | { event: 'state-caught' | 'state-retried'; state: string }
  /** A step has to wait; `detail` says for what. `state` is empty if unknown. */
  | { event: 'state-pending'; state: string; detail: string }
  | {
      event: 'execution-ended';
      outcome: 'succeeded' | 'failed' | 'interrupted';
      error?: string;
      cause?: string;
    }
);

/** All events of the run, execution by execution in the order of their starts. */
export async function* runEvents(store: Store): AsyncGenerator<RunEvent> {
  const files: { key: string; from: number }[] = [];
  for await (const { key } of store.list(layout.histories)) {
    const from = await firstOf(store, key);
    if (from !== undefined) files.push({ key, from });
  }
  files.sort((a, b) => a.from - b.from);
  yield* jsonLines<RunEvent>(store, layout.events);
  for (const { key } of files) yield* jsonLines<RunEvent>(store, key);
}

async function firstOf(store: Store, key: string): Promise<number | undefined> {
  for await (const { at } of jsonLines<RunEvent>(store, key)) return at;
  return undefined;
}

/** How an execution ended; undefined before its end, or if its events were not stored. */
export async function keptEnd(
  store: Store,
  execution: string,
): Promise<Extract<RunEvent, { event: 'execution-ended' }> | undefined> {
  let last: RunEvent | undefined;
  for await (const event of jsonLines<RunEvent>(store, layout.history(execution))) last = event;
  return last?.event === 'execution-ended' ? last : undefined;
}

/** The execution that claimed a run of a schedule; undefined for any other run. */
export async function claimerOf(store: Store): Promise<string | undefined> {
  return (await readIfThere(store, layout.claim))?.toString();
}
