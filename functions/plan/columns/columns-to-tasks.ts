/** The tasks of each file, or why it has none. */
import type { Config } from '../../../core/config/config.ts';
import type { AccessDenied } from '../../../core/errors/errors.ts';
import type { ReadCsv, TableLayout } from '../../../core/run-store/plan/table-layout.ts';
import type { Store, StoredObject } from '../../../core/store.ts';
import type { Passed } from '../files/ignored-files.ts';
import type { Listed } from '../files/list-files.ts';
import { Keywords } from './column-keywords.ts';
import { type Columns, columnsOf } from './read-columns.ts';

/** The detected table. */
export interface FoundTable {
  layout: TableLayout;
  /** How pandas reads it; absent in checkpoints of older versions. */
  reading?: ReadCsv;
  /** Why the names are in this line. */
  why: string;
  /** All column names. */
  names: string[];
  notes: string[];
}

/** The result for a file, with the files that were ignored before it. */
export interface Decided extends Passed {
  file: StoredObject;
  /** Columns that are tasks; null for a file that is no table, or is processed without columns. */
  columns: (string | null)[];
  /** Why it has no task. */
  why?: string;
  /** The error if it must not be read. Not in checkpoints. */
  denied?: AccessDenied;
  found?: FoundTable;
  /** Numbers of the keywords that matched, if there are several. */
  keywords?: number[];
  /** Numbers of keywords with special characters that are a column's name here; that matched as an expression. */
  literal?: number[];
  expression?: number[];
}

/** Headers that are read in parallel: S3 takes tens of milliseconds for each. */
const readAhead = 32;

type ColumnSettings = Pick<Config, 'columnKeywords' | 'table' | 'wholeFiles'>;

/** Reads the files' headers, and yields the results in the order of the files. */
export async function* decide(
  data: Store,
  files: AsyncIterable<Listed>,
  { columnKeywords, table, wholeFiles }: ColumnSettings,
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

/** Maps the next items in parallel; yields in order. */
async function* ahead<Item, Mapped>(
  items: AsyncIterable<Item>,
  map: (item: Item) => Promise<Mapped>,
): AsyncGenerator<Mapped> {
  const waiting: Promise<Mapped>[] = [];
  for await (const item of items) {
    const mapped = map(item);
    // A failure is thrown when its turn comes, or never, if an earlier one fails.
    mapped.catch(() => {});
    waiting.push(mapped);
    if (waiting.length >= readAhead) yield waiting.shift() as Promise<Mapped>;
  }
  while (waiting.length > 0) yield waiting.shift() as Promise<Mapped>;
}
