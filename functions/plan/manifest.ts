/** The manifest: a line a task, in order of file and column. */
import { LineChunks } from '../../ports/line-chunks.ts';
import type { SkippedFile } from '../../ports/plan.ts';
import type { Task } from '../../ports/records.ts';
import type { Store, StoredObject } from '../../ports/store.ts';
import { columnsOf, matching } from './columns.ts';
import { taskId } from './task-id.ts';
import type { TaskTable } from './task-table.ts';

/** Headers that are read at the same time: a bucket answers in tens of milliseconds. */
const readAhead = 32;

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
  const lines = new LineChunks();
  const read = async (file: StoredObject) => ({ file, columns: await columnsOf(data, file) });
  for await (const { file, columns } of ahead(files, read)) {
    const chosen = columns.kind === 'table' ? matching(columns.names, keywords) : [];
    if (columns.kind === 'unreadable') skipped({ file: file.key, why: columns.why });
    else if (columns.kind === 'table' && chosen.length === 0)
      skipped({ file: file.key, why: noColumn(columns.names) });
    const ofFile = columns.kind === 'other' ? [null] : chosen;
    table.addFile(file, ofFile);
    for (const column of ofFile) {
      const task: Task = { id: taskId(file.key, column), file: file.key, column, size: file.size };
      const full = lines.add(JSON.stringify(task));
      if (full) yield full;
    }
  }
  yield lines.rest();
}

function noColumn(names: string[]): string {
  if (names.length === 0) return 'it is empty';
  return `none of its ${names.length} columns matches: ${names.slice(0, 6).join(', ')}${names.length > 6 ? ', …' : ''}`;
}

/** Has some of the next items mapped while one is at work; gives them in their order. */
async function* ahead<Item, Mapped>(
  items: AsyncIterable<Item>,
  map: (item: Item) => Promise<Mapped>,
): AsyncGenerator<Mapped> {
  const waiting: Promise<Mapped>[] = [];
  for await (const item of items) {
    const mapped = map(item);
    // One that fails is met when its turn comes, or never, when one before it fails.
    mapped.catch(() => {});
    waiting.push(mapped);
    if (waiting.length >= readAhead) yield waiting.shift() as Promise<Mapped>;
  }
  while (waiting.length > 0) yield waiting.shift() as Promise<Mapped>;
}
