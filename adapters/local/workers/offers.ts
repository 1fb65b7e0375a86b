/** Batches that wait for a worker, or have one. */
import { layout } from '../../../core/run-store/layout.ts';
import type { Done } from '../../../core/run-store/records/parts.ts';
import type { Batch, BatchOutcome, BatchTask } from '../../../core/run-store/records/records.ts';
import { readAll, type Store } from '../../../core/store.ts';

/** A batch on its way: `line` is its tasks as JSON, just those that have no record. */
export interface Offer {
  batch: Batch;
  line: string;
  /** How pandas reads its files: `BatchTables`, as JSON. */
  tables?: string;
  /** Tasks in `line`. */
  tasks: number;
  /** Records of this batch that a supervisor wrote before it died. */
  before: { succeeded: number; failed: number };
  /** Where data is fetched: that its files are there, and what the supervisor must be told of them, as JSON. */
  data?: string;
  /** Says that its files are not needed any more. */
  release?: () => void;
  resolve: (outcome: BatchOutcome) => void;
}

/** Answers an offer: what was not done was not run. */
export function answer(offer: Offer, counts: { succeeded: number; failed: number }): void {
  const succeeded = offer.before.succeeded + counts.succeeded;
  const failed = offer.before.failed + counts.failed;
  const written = counts.succeeded + counts.failed;
  offer.release?.();
  offer.resolve({ batch: offer.batch.batch, succeeded, failed, notRun: offer.tasks - written });
}

/** A task as a supervisor gets it: with the attempts already counted against it, if any. */
export type SentTask = [...BatchTask, attempts?: number];

/** Reads a batch's tasks from the run's store and leaves out those that are done. */
export async function remainingTasks(
  store: Store,
  batch: Batch,
  done: Done,
): Promise<{ line: string; tasks: number; tables?: string }> {
  const { offset, bytes, tables: more } = batch;
  const range = { start: offset, end: offset + bytes + (more === undefined ? 0 : 1 + more) };
  const [line = '', tables] = (await readAll(store, layout.batchTasks, range)).toString().split('\n');
  const read = tables !== undefined && { tables };
  // The usual case costs nothing: a fresh run hands the line on as it stands.
  if (done.succeeded + done.failed === 0 && done.attempts.size === 0)
    return { line, tasks: batch.tasks, ...read };
  return { ...withoutDone(line, done), ...read };
}

/** The same for a line that is at hand already. */
export function withoutDone(
  line: string,
  done: Pick<Done, 'has' | 'attempts'>,
): { line: string; tasks: number } {
  const left = (JSON.parse(line) as SentTask[])
    .filter(([index, id]) => !done.has(index, id))
    .map(([index, id, file, column, before]): SentTask => {
      const attempts = Math.max(before ?? 0, done.attempts.get(index) ?? 0);
      return attempts > 0 ? [index, id, file, column, attempts] : [index, id, file, column];
    });
  return { line: JSON.stringify(left), tasks: left.length };
}
