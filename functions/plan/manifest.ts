/** The manifest: a line a task, in order of file and column. */
import { pMapIterable } from 'p-map';
import type { SkippedFile } from '../../ports/plan.ts';
import type { Store, StoredObject } from '../../ports/store.ts';
import { columnsOf, matching } from './columns.ts';
import { taskId } from './task-id.ts';
import type { TaskTable } from './task-table.ts';

/** Headers that are read at the same time: a bucket answers in tens of milliseconds. */
const readAhead = 32;
const chunkBytes = 256 * 1024;

/**
 * Reads the files' headers and gives the manifest's lines, in chunks of bytes.
 * @param table is filled with the tasks meanwhile
 * @param skipped is told of each file that has no task
 */
export async function* manifestOf(
  data: Store,
  files: AsyncIterable<StoredObject>,
  keywords: string[] | null,
  table: TaskTable,
  skipped: (file: SkippedFile) => void,
): AsyncGenerator<Buffer> {
  let lines = '';
  const read = async (file: StoredObject) => ({ file, columns: await columnsOf(data, file) });
  for await (const { file, columns } of pMapIterable(files, read, { concurrency: readAhead })) {
    const chosen = columns.kind === 'table' ? matching(columns.names, keywords) : [];
    if (columns.kind === 'unreadable') skipped({ file: file.key, why: columns.why });
    else if (columns.kind === 'table' && chosen.length === 0)
      skipped({ file: file.key, why: noColumn(columns.names) });
    const ofFile = columns.kind === 'other' ? [null] : chosen;
    table.addFile(file, ofFile);
    for (const column of ofFile) {
      lines += `${JSON.stringify({ id: taskId(file.key, column), file: file.key, column, size: file.size })}\n`;
      if (lines.length >= chunkBytes) {
        yield Buffer.from(lines);
        lines = '';
      }
    }
  }
  if (lines !== '') yield Buffer.from(lines);
}

function noColumn(names: string[]): string {
  if (names.length === 0) return 'it is empty';
  return `none of its ${names.length} columns matches: ${names.slice(0, 6).join(', ')}${names.length > 6 ? ', …' : ''}`;
}
