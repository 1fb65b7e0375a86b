/** The first tasks of a run that failed, with their names. */

import type { Store } from '../../store.ts';
import { layout } from '../layout.ts';
import { tasksAt } from '../plan/manifest.ts';
import { jsonLines } from '../records/lines.ts';
import { readLine } from '../records/part-line.ts';
import { linesInOrder, partsIn } from '../records/parts.ts';
import type { Failure, TaskError, TaskRecord } from '../records/records.ts';
import type { FailedTask } from './run-status.ts';

type FailedRecord = Pick<TaskRecord & { status: 'failed' }, 'index' | 'task' | 'error'>;

/** From the gathered failures. */
export async function gatheredFailures(store: Store, most: number): Promise<FailedTask[]> {
  const failures: FailedTask[] = [];
  for await (const { task, file, column, error } of jsonLines<Failure>(store, layout.failures)) {
    if (failures.length === most) break;
    failures.push({ task, file, column, error: errorOf(error) });
  }
  return failures;
}

/** From the parts of a run that was not gathered. May include tasks that succeeded later. */
export async function failuresInParts(
  store: Store,
  repetitions: number,
  most: number,
): Promise<FailedTask[]> {
  const failed: FailedRecord[] = [];
  for (let repetition = 1; repetition <= repetitions; repetition++)
    for await (const { lines } of linesInOrder(store, partsIn(store, repetition)))
      for (const line of lines) {
        if (readLine(line).kind !== 'failed') continue;
        failed.push(JSON.parse(line.toString()));
        if (failed.length === most) return named(store, failed);
      }
  return named(store, failed);
}

/** Adds file and column from the manifest. */
export async function named(store: Store, failed: FailedRecord[]): Promise<FailedTask[]> {
  const tasks = await tasksAt(store, new Set(failed.map(({ index }) => index)));
  return failed.map(({ index, task, error }) => ({
    task,
    file: tasks.get(index)?.file ?? null,
    column: tasks.get(index)?.column ?? null,
    error: errorOf(error),
  }));
}

const errorOf = ({ class: name, type, message }: TaskError): FailedTask['error'] => ({
  class: name,
  type,
  message,
});
