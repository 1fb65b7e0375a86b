/** The manifest: a line per task, in order of file and column. */

import { hash } from 'node:crypto';
import type { SkippedFile } from '../../../core/run-store/plan/plan.ts';
import { LineChunks } from '../../../core/run-store/records/lines.ts';
import type { Task } from '../../../core/run-store/records/records.ts';
import type { Decided } from '../columns/columns-to-tasks.ts';
import type { TaskTable } from './task-table.ts';

/**
 * A task's id: 16 hexadecimal digits, a digest of file and column, so that it is the same in every run. Among a million
 * tasks, two share an id with a probability of 3 in 10^8.
 */
export function taskId(file: string, column: string | null): string {
  return hash('sha256', JSON.stringify([file, column])).slice(0, 16);
}

/**
 * Yields the manifest's lines, in chunks of bytes.
 * @param table is filled with the tasks
 * @param skipped called for each file without a task
 */
export async function* manifestOf(
  files: AsyncIterable<Decided>,
  table: TaskTable,
  skipped: (file: SkippedFile) => void,
): AsyncGenerator<Buffer> {
  const lines = new LineChunks();
  for await (const { file, columns, why, found } of files) {
    if (why !== undefined) skipped({ file: file.key, why });
    table.addFile(file, columns, found?.reading);
    for (const column of columns) {
      const task: Task = { id: taskId(file.key, column), file: file.key, column, size: file.size };
      const full = lines.add(JSON.stringify(task));
      if (full) yield full;
    }
  }
  yield lines.rest();
}
