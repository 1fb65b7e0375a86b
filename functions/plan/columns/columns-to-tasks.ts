/** What each file comes to: its tasks, or why it has none. */
import type { Config } from '../../../core/config/config.ts';
import type { AccessDenied } from '../../../core/errors/errors.ts';
import type { ReadCsv, TableLayout } from '../../../core/run-store/plan/table-layout.ts';
import type { Store, StoredObject } from '../../../core/store.ts';
import type { Passed } from '../files/ignored-files.ts';
import type { Listed } from '../files/list-files.ts';
import { Keywords } from './column-keywords.ts';
import { type Columns, columnsOf } from './read-columns.ts';

/** What was taken for a table's names. */
export interface FoundTable {
  layout: TableLayout;
  /** How pandas reads it; not kept by older versions. */
  reading?: ReadCsv;
  /** Why. */
  why: string;
  /** All of them. */
  names: string[];
  notes: string[];
}

/** With the files that were passed over before this one. */
export interface Decided extends Passed {
  file: StoredObject;
  /** Those that are tasks; null for a file that is no table, or is taken as a whole. */
  columns: (string | null)[];
  /** Why it has no task. */
  why?: string;
  /** When it may not be read. Not kept from one call of the planner to the next. */
  denied?: AccessDenied;
  found?: FoundTable;
  /** Numbers of the keywords that matched, of several. */
  keywords?: number[];
  /** Numbers of those with special characters that were a column's name here; that were an expression. */
  literal?: number[];
  expression?: number[];
}

/** Headers that are read at the same time: a bucket answers in tens of milliseconds. */
const readAhead = 32;

type Asked = Pick<Config, 'columnKeywords' | 'table' | 'wholeFiles'>;

/** Reads the files' headers; in the order of the files. */
export async function* decide(
  data: Store,
  files: AsyncIterable<Listed>,
  { columnKeywords, table, wholeFiles }: Asked,
): AsyncGenerator<Decided> {
  const keywords = new Keywords(columnKeywords);
  const read = async (file: Listed) => ({
    file,
    columns: file.why === undefined ? await columnsOf(data, file, table) : unread(file.why),
  });
  if (wholeFiles)
    for await (const { passed, ...file } of files)
      yield {
        file,
        ...(file.why === undefined ? { columns: [null] } : { columns: [], why: file.why }),
        ...passed,
      };
  else
    for await (const { file, columns } of ahead(files, read)) {
      const { passed, ...object } = file;
      yield { file: object, ...chosen(columns, keywords), ...passed };
    }
}

const unread = (why: string): Columns => ({ kind: 'unreadable', why });

function chosen(columns: Columns, keywords: Keywords): Omit<Decided, 'file'> {
  if (columns.kind === 'other') return { columns: [null] };
  if (columns.kind === 'unreadable') {
    const { why, denied } = columns;
    return { columns: [], why, ...(denied && { denied }) };
  }
  const { kind: _, ...found } = columns;
  const { names, ...used } = keywords.match(found.names);
  const result = { columns: names, found, ...used };
  if (names.length > 0) return result;
  const why = found.names.length === 0 ? 'none of its columns has a name' : keywords.whyNone(found.names);
  return { ...result, why };
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
