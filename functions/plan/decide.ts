/** What each file comes to: its tasks, or why it has none. */

import type { Config } from '../../ports/config.ts';
import type { AccessDenied } from '../../ports/errors.ts';
import type { Store, StoredObject } from '../../ports/store.ts';
import { columnsOf, matching } from './columns.ts';

export interface Decided {
  file: StoredObject;
  /** Those that are tasks; null for a file that is no table. */
  columns: (string | null)[];
  /** Why it has no task. */
  why?: string;
  /** When it may not be read. Not kept from one call of the planner to the next. */
  denied?: AccessDenied;
}

/** Headers that are read at the same time: a bucket answers in tens of milliseconds. */
const readAhead = 32;

/** Reads the files' headers; in the order of the files. */
export async function* decide(
  data: Store,
  files: AsyncIterable<StoredObject>,
  { columnKeywords: keywords, table }: Pick<Config, 'columnKeywords' | 'table'>,
): AsyncGenerator<Decided> {
  const read = async (file: StoredObject) => ({ file, columns: await columnsOf(data, file, table) });
  for await (const { file, columns } of ahead(files, read)) {
    if (columns.kind === 'other') yield { file, columns: [null] };
    else if (columns.kind === 'unreadable') {
      const { why, denied } = columns;
      yield { file, columns: [], why, ...(denied && { denied }) };
    } else {
      const chosen = matching(columns.names, keywords);
      yield chosen.length > 0
        ? { file, columns: chosen }
        : { file, columns: [], why: noColumn(columns.names) };
    }
  }
}

function noColumn(names: string[]): string {
  if (names.length === 0) return 'none of its columns has a name';
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
