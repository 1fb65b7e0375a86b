/** The manifest: a line a task, in order of file and column. */

import type { SkippedFile } from '../../../core/run-store/plan/plan.ts';
import { LineChunks } from '../../../core/run-store/records/line-chunks.ts';
import type { Task } from '../../../core/run-store/records/records.ts';
import type { Decided } from '../columns/columns-to-tasks.ts';
import { taskId } from '../task-id.ts';
import type { TaskTable } from './task-table.ts';

/**
 * Gives the manifest's lines, in chunks of bytes.
 * @param table is filled with the tasks meanwhile
 * @param skipped is told of each file that has no task
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
