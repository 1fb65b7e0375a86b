/** The text in which a table is detected, and the result. */
import type { ReadCsv, TableLayout, TableSettings } from '../../../core/run-store/plan/table-layout.ts';
import { kindOf } from './cell-kinds.ts';
import { type Names, numbered, uniqueNames } from './column-names.ts';
import type { Decoded } from './encoding.ts';
import { readingOf } from './read-csv-arguments.ts';
import { cellsOf, type Place, type Row, rowsOf } from './split-rows.ts';

export type Found =
  | Table
  /** No content. */
  | { kind: 'empty' }
  /** It is ambiguous where its names are. */
  | { kind: 'unclear'; why: string }
  /** More of the file is needed. */
  | { kind: 'more' };

export interface Table {
  kind: 'table';
  names: string[];
  layout: TableLayout;
  /** How pandas reads it. */
  reading: ReadCsv;
  /** Why the names are in this line; empty for the first line. */
  why: string;
  /** Notes for the user. */
  notes: string[];
  /** Whether it has rows of several cells with numbers or times, so that the detection is reliable. */
  isSure: boolean;
}

export interface Text {
  decoded: Decoded;
  text: string;
  /** Whether this is the complete file. */
  complete: boolean;
  /** Start of the table: after Excel's line `sep=;`. */
  from: Place;
  /** From config.yaml, or from the line `sep=`. */
  delimiter: string | undefined;
  isComment: (line: string) => boolean;
  /** The comment character, if config.yaml sets a single one. */
  sign?: string;
}

/** On a tie the first delimiter wins: names and numbers contain commas, too. */
export const defaultDelimiters = ['\t', ';', ',', '|'];

const sepLine = /^"?sep=(.)"?(?:\r\n|\n|\r|$)/i;

export function textOf(decoded: Decoded, settings: TableSettings, complete: boolean): Text {
  const { text } = decoded;
  const told = sepLine.exec(text);
  const from = told ? { at: told[0].length, line: 2 } : { at: 0, line: 1 };
  const delimiter = settings.delimiter === 'auto' ? told?.[1] : settings.delimiter;
  const isComment = commentTest(settings.comment, delimiter);
  const sign = settings.comment.length === 1 && { sign: settings.comment };
  return { decoded, text, complete, from, delimiter, isComment, ...sign };
}

const usualMarks = /^\s*(?:"?(?:#|%|\/\/|!)(?!"[,;\t])|;[^;]*$)/;
const marksBesideSemicolons = /^\s*"?(?:#|%|\/\/|!)(?!"[,;\t])/;

function commentTest(comment: string, delimiter: string | undefined): (line: string) => boolean {
  if (comment === 'none') return () => false;
  if (comment !== 'auto') return (line) => line.trimStart().startsWith(comment);
  // HOBO loggers name their first column "#". A semicolon may follow an empty cell.
  const isFree = delimiter === undefined || delimiter === ',' || delimiter === '\t';
  const marks = isFree ? usualMarks : marksBesideSemicolons;
  return (line) => marks.test(line);
}

export interface Record {
  text: string;
  /** The most frequent one, outside of quotes. */
  delimiter: string;
}

const [feed, carriage, quote, tab, semicolon, comma, pipe] = [10, 13, 34, 9, 59, 44, 124];

/** The record at a position, after blank lines; undefined if it does not end within the text. */
export function recordAt(text: string, from: number, complete: boolean): Record | undefined {
  let start = from;
  while (text[start] === '\n' || text[start] === '\r') start++;
  let [tabs, semicolons, commas, pipes] = [0, 0, 0, 0];
  let atBeginning = true;
  let end = start;
  for (; end < text.length; end++) {
    const code = text.charCodeAt(end);
    if (code === quote && atBeginning) {
      // To the closing quote; doubled ones do not close.
      for (end++; end < text.length && !(text[end] === '"' && text[end + 1] !== '"'); end++)
        if (text[end] === '"') end++;
    } else if (code === feed || code === carriage) break;
    atBeginning = true;
    if (code === comma) commas++;
    else if (code === tab) tabs++;
    else if (code === semicolon) semicolons++;
    else if (code === pipe) pipes++;
    else atBeginning = false;
  }
  if (end >= text.length && !complete) return undefined;
  const most = Math.max(tabs, semicolons, commas);
  // Names contain pipes if there is another delimiter.
  const delimiter = most === 0 && pipes > 0 ? '|' : tabs === most ? '\t' : semicolons === most ? ';' : ',';
  return { text: text.slice(start, end), delimiter };
}

/** The delimiter of a single line. */
export const delimiterOf = (line: string): string => recordAt(line, 0, true)?.delimiter ?? ',';

/** The first rows, with and without comments. @param delimiter as in `rowsOf` */
export function rowsWithin(
  { text, complete, from, isComment }: Text,
  delimiter: string | null,
  most: number,
) {
  const { rows, torn } = rowsOf(text, delimiter, { complete, most, from });
  return { all: rows, rows: rows.filter((row) => !isComment(row.text)), torn };
}

interface Parts {
  header: Row | null;
  data: Row | null;
  delimiter: string;
  /** Number of cells of a row of data. */
  width: number;
  because: string;
  isSure: boolean;
  /** A reader would find names that differ from these cells. */
  apart?: true;
  /** The comment character of lines below the header, which nothing else contains. */
  comment?: string | undefined;
  /** Line in which data would start, if there is none yet. */
  end?: number | undefined;
}

export function tableOf(
  { decoded, text: whole, sign }: Text,
  { header, data, delimiter, width, because, isSure, apart, comment: between, end }: Parts,
): Found {
  const { text, encoding, replace, isUnlikely } = decoded.meant((header ?? data)?.text ?? '');
  if (isUnlikely && header)
    return unclear(
      `line ${header.line} is in an encoding that cannot be told, perhaps gbk, shift_jis, cp1251 or cp850`,
    );
  const given = apart ? header?.cells.map((cell) => decoded.meant(cell).text) : undefined;
  const { cells, names, notes } = header ? namesOf(text, delimiter, given) : withoutNames(width);
  const isSaid = sign !== undefined && !(header ?? data)?.text.includes(sign);
  const comment = isSaid ? sign : between;
  const layout = layoutOf({
    header: header?.line ?? null,
    data: data?.line ?? null,
    delimiter,
    encoding,
    ...(replace && { replace }),
    columns: cells.length,
    ...(given && { names: given }),
  });
  const reading = readingOf({
    ...{ text: whole, header, data, delimiter, encoding, replace, cells, comment, end },
    names: given,
  });
  return { kind: 'table', names, layout, reading, why: because, notes, isSure };
}

interface NamesOfCells extends Names {
  cells: string[];
}

// Cache: the next file mostly has the same ones, which then compare by identity.
let lastNames: (NamesOfCells & { text: string; delimiter: string }) | undefined;
let lastLayout: TableLayout | undefined;

function namesOf(text: string, delimiter: string, given: string[] | undefined): NamesOfCells {
  if (given) return { cells: given, ...uniqueNames(given) };
  if (lastNames?.text !== text || lastNames.delimiter !== delimiter) {
    const cells = cellsOf(text, delimiter);
    lastNames = { text, delimiter, cells, ...uniqueNames(cells) };
  }
  return lastNames;
}

function withoutNames(width: number): NamesOfCells {
  const cells = numbered(width);
  return { cells, names: cells, notes: [] };
}

function layoutOf(layout: TableLayout): TableLayout {
  const isSame =
    lastLayout !== undefined &&
    layout.names === undefined &&
    lastLayout.names === undefined &&
    layout.header === lastLayout.header &&
    layout.data === lastLayout.data &&
    layout.columns === lastLayout.columns &&
    layout.delimiter === lastLayout.delimiter &&
    layout.encoding === lastLayout.encoding &&
    layout.replace === lastLayout.replace;
  if (!isSame) lastLayout = layout;
  return lastLayout as TableLayout;
}

export const unclear = (why: string): Found => ({ kind: 'unclear', why });

export const isText = (cell: string): boolean => kindOf(cell) === 'text';
