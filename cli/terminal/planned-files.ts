/** Files with their columns, and where their names were found: what a run would take. */

import { plural } from '../../core/format/numbers.ts';
import type { FewFiles, FileKind, Plan } from '../../core/run-store/plan/plan.ts';
import type { ReadCsv, TableLayout } from '../../core/run-store/plan/table-layout.ts';
import type { FoundTable } from '../../functions/plan/columns/columns-to-tasks.ts';
import { escapeControlChars } from './escape-control-chars.ts';
import { table } from './table.ts';

export interface ListedFile {
  file: string;
  /** Those that are tasks; null: the file as a whole. */
  columns: string[] | null;
  /** Where its names are; absent: it is no table, or taken as a whole. */
  table?: {
    header: number | null;
    delimiter: string;
    encoding: string;
    why: string;
    /** The argument `table` of its tasks. */
    read_csv?: ReadCsv;
  };
  /** Why it has no task. */
  why?: string;
}

interface Told {
  file: { key: string };
  columns: (string | null)[];
  found?: FoundTable;
  why?: string;
}

/** What planning says of a file, in short. */
export function listed({ file, columns, found, why }: Told): ListedFile {
  const { header, delimiter, encoding } = found?.layout ?? {};
  const isWhole = columns.length === 1 && columns[0] === null;
  return {
    file: file.key,
    columns: isWhole ? null : (columns as string[]),
    ...(found && {
      table: {
        ...{ header, delimiter, encoding, why: found.why || 'as usual' },
        read_csv: found.reading,
      } as NonNullable<ListedFile['table']>,
    }),
    ...(why !== undefined && { why }),
  };
}

const [firstShown, lastShown] = [10, 3];

/** Keeps the first and the last few files of many; all of them when asked to. */
export class Listing {
  readonly #keepsAll: boolean;
  readonly all: ListedFile[] = [];
  #last: ListedFile[] = [];
  #count = 0;

  constructor(keepsAll: boolean) {
    this.#keepsAll = keepsAll;
  }

  add(told: Told): void {
    this.#count++;
    if (this.#keepsAll || this.all.length < firstShown) this.all.push(listed(told));
    else {
      this.#last.push(listed(told));
      if (this.#last.length > lastShown) this.#last.shift();
    }
  }

  /** A table of files: where their names are, and the columns that are tasks. */
  lines(): string[] {
    const first = this.all.slice(0, firstShown);
    const last = this.#keepsAll ? this.all.slice(firstShown).slice(-lastShown) : this.#last;
    const between = this.#count - first.length - last.length;
    const lines = table(
      [{ head: 'file' }, { head: 'names' }, { head: 'tasks', right: true }, { head: 'columns' }],
      [...first, ...last].map(row),
    );
    if (between > 0) lines.splice(1 + first.length, 0, `… ${plural(between, 'more file')}; --json shows all`);
    return lines;
  }
}

function row({ file, columns, table: found, why }: ListedFile): string[] {
  const names = found === undefined ? '–' : found.header === null ? 'none' : `line ${found.header}`;
  const tasks = columns?.length ?? 1;
  const what = why ?? (columns === null ? 'the file as a whole' : some(columns, 6));
  return [shortened(escapeControlChars(file)), names, `${tasks}`, shortened(escapeControlChars(what), 100)];
}

/** A name's end tells more than its beginning. */
const shortened = (text: string, most = 60) =>
  text.length <= most ? text : `${text.slice(0, most / 2)}…${text.slice(1 - most / 2)}`;

const some = (names: string[], most: number) =>
  names.slice(0, most).join(', ') + (names.length > most ? ', …' : '');

const delimiterNames: Record<string, string> = {
  ',': 'commas',
  ';': 'semicolons',
  '\t': 'tabs',
  '|': 'pipes',
  ' ': 'blanks',
};

/** Where names were found, kind by kind, and why there. */
export function kindLines({ kinds, notes }: Pick<Plan, 'kinds' | 'notes'>): string[] {
  const lines = (kinds?.first ?? []).map(kindLine);
  const more = (kinds?.count ?? 0) - lines.length;
  if (more > 0) lines.push(`… and ${plural(more, 'more kind')} of files`);
  for (const { file, note } of notes?.first.slice(0, 3) ?? [])
    lines.push(`${escapeControlChars(file)}: ${escapeControlChars(note)}`);
  if (notes && notes.count > 3) lines.push(`… and the like in ${plural(notes.count - 3, 'more file')}`);
  return lines;
}

function kindLine({ files, first, table: found }: FileKind): string {
  const of = `${plural(files, 'file')}, ${files === 1 ? '' : 'first '}${escapeControlChars(first)}`;
  if (!found) return `${of}: taken as a whole`;
  return `${of}: ${placeOf(found.layout)}${found.why && `; ${escapeControlChars(found.why)}`}; columns ${escapeControlChars(some(found.names, 6))}`;
}

function placeOf({ header, delimiter, encoding }: TableLayout): string {
  const where = header === null ? 'no names' : `names in line ${header}`;
  return `${where}, ${delimiterNames[delimiter] ?? escapeControlChars(delimiter)}, ${encoding}`;
}

/** Whether names are where they usually are: in the first line. */
const isUsual = ({ table: found }: FileKind) =>
  found === null || (found.layout.header === 1 && found.layout.delimiter !== ' ');

/** One line where names were not in the first line of a file; undefined: all were. */
export function unusualNames({ kinds }: Pick<Plan, 'kinds'>): string | undefined {
  const places = new Map<string, number>();
  for (const kind of kinds?.first ?? []) {
    if (isUsual(kind)) continue;
    const { header } = kind.table?.layout ?? {};
    const place = header === null ? 'no names' : `names in line ${header}`;
    places.set(place, (places.get(place) ?? 0) + kind.files);
  }
  if (places.size === 0) return undefined;
  return [...places].map(([place, files]) => `${place} of ${plural(files, 'file')}`).join(', ');
}

/** Keywords that matched nothing: a line each. */
export function unusedLines({ unused }: Pick<Plan, 'unused'>): string[] {
  return (unused ?? []).map(({ keyword, literally }) => {
    const hint =
      literally === undefined ? '' : `; to find it as it stands, write '${escapeControlChars(literally)}'`;
    return `no column of any file matches the keyword ${JSON.stringify(keyword)}${hint}`;
  });
}

/** Keywords that mean a name in one file, and something else in another: a line each. */
export function mixedLines({ mixed }: Pick<Plan, 'mixed'>): string[] {
  return (mixed ?? []).map(({ keyword, literally, names, expressions, first }) => {
    const where = `is the name of a column in ${plural(names, 'file')}, and an expression in ${plural(expressions, 'other')}, first ${escapeControlChars(first)}`;
    return `the keyword ${JSON.stringify(keyword)} ${where}; for the name alone, write '${escapeControlChars(literally)}'`;
  });
}

/** Files that were passed over, a line for each reason. */
export function passedLines({ hidden, otherCase }: Pick<Plan, 'hidden' | 'otherCase'>): string[] {
  return [
    ...passedLine(hidden, (some) => plural(some, 'hidden or system file')),
    ...passedLine(
      otherCase,
      (some) => `${plural(some, 'file')} that file_pattern would match but for capital and small letters`,
    ),
  ];
}

function passedLine(files: FewFiles | undefined, what: (count: number) => string): string[] {
  if (!files || files.count === 0) return [];
  const more = files.count > files.first.length ? ', …' : '';
  return [`passed over: ${what(files.count)}: ${files.first.map(escapeControlChars).join(', ')}${more}`];
}
