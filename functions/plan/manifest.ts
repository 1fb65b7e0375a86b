/** The manifest: a line a task, in order of file and column. */
import { pMapIterable } from 'p-map';
import type { SkippedFile } from '../../ports/plan.ts';
import type { Store, StoredObject } from '../../ports/store.ts';
import { columnsOf, matching } from './columns.ts';
import { taskId } from './task-id.ts';

/** Headers that are read at the same time: a bucket answers in tens of milliseconds. */
const readAhead = 32;
const chunkBytes = 256 * 1024;

/** Tasks as columns of numbers and shared strings: a million of them fit into memory. */
export class TaskTable {
  readonly files: string[] = [];
  readonly #sizes: number[] = [];
  readonly #columns: (string | null)[] = [];
  readonly #fileOf: number[] = [];

  get length(): number {
    return this.#fileOf.length;
  }

  addFile({ key, size }: StoredObject, columns: (string | null)[]): void {
    const file = this.files.push(key) - 1;
    this.#sizes.push(size);
    for (const column of columns) {
      this.#fileOf.push(file);
      this.#columns.push(column);
    }
  }

  /** File, column and size of the task with this index. */
  task(index: number): { file: string; column: string | null; size: number } {
    const file = this.#fileOf[index] as number;
    return {
      file: this.files[file] as string,
      column: this.#columns[index] as string | null,
      size: this.#sizes[file] as number,
    };
  }
}

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
  // The same few column names stand in every file: keep one copy of each.
  const names = new Map<string, string>();
  const shared = (name: string) => {
    const known = names.get(name) ?? name;
    names.set(known, known);
    return known;
  };
  let lines = '';
  const read = async (file: StoredObject) => ({ file, columns: await columnsOf(data, file) });
  for await (const { file, columns } of pMapIterable(files, read, { concurrency: readAhead })) {
    const chosen = columns.kind === 'table' ? matching(columns.names, keywords) : [];
    if (columns.kind === 'unreadable') skipped({ file: file.key, why: columns.why });
    else if (columns.kind === 'table' && chosen.length === 0)
      skipped({ file: file.key, why: noColumn(columns.names) });
    const ofFile = columns.kind === 'other' ? [null] : chosen.map(shared);
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
