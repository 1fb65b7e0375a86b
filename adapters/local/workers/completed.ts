/** The tasks of a batch that have no record yet. */
import { layout } from '../../../core/run-store/layout.ts';
import type { Done } from '../../../core/run-store/records/parts.ts';
import type { Batch } from '../../../core/run-store/records/records.ts';
import { readAll, type Store } from '../../../core/store.ts';
import type { SentTask } from './pieces.ts';

/** Reads a batch's tasks from the run's store and leaves out those that are completed. */
export async function remainingTasks(
  store: Store,
  batch: Batch,
  done: Done,
): Promise<{ line: string; tasks: number; tables?: string }> {
  const { offset, bytes, tables: tablesBytes } = batch;
  const end = offset + bytes + (tablesBytes === undefined ? 0 : 1 + tablesBytes);
  const text = (await readAll(store, layout.batchTasks, { start: offset, end })).toString();
  const [line = '', tables] = text.split('\n');
  const read = tables !== undefined && { tables };
  // A fresh run sends the line as it is.
  if (done.succeeded + done.failed === 0 && done.attempts.size === 0)
    return { line, tasks: batch.tasks, ...read };
  return { ...withoutCompleted(line, done), ...read };
}

function withoutCompleted(line: string, done: Done): { line: string; tasks: number } {
  const left = (JSON.parse(line) as SentTask[])
    .filter(([index, id]) => !done.has(index, id))
    .map(([index, id, file, column, before]): SentTask => {
      const attempts = Math.max(before ?? 0, done.attempts.get(index) ?? 0);
      return attempts > 0 ? [index, id, file, column, attempts] : [index, id, file, column];
    });
  return { line: JSON.stringify(left), tasks: left.length };
}
