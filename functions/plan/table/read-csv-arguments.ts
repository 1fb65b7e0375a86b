/** Arguments of pandas.read_csv for a detected table. */
import type { ReadCsv } from '../../../core/run-store/plan/table-layout.ts';
import { numbersAre, plain } from './number-format.ts';
import { blanks, type Row } from './split-rows.ts';

export interface ReadWith {
  /** The text that was read. */
  text: string;
  header: Row | null;
  data: Row | null;
  delimiter: string;
  encoding: string;
  /** Bytes that the encoding does not know are to be replaced. */
  replace?: true | undefined;
  /** Cells of the header; numbers without a header. */
  cells: string[];
  /** The names, if pandas must not read them from the header line. */
  names?: string[] | undefined;
  /** Prefix of comment lines below the header. */
  comment?: string | undefined;
  /** Line in which data would start, if there is none yet. */
  end?: number | undefined;
}

/** No arguments: for nearly every table. */
const asPandasDoes: ReadCsv = {};
/** Shared objects for equal arguments, which compare by identity. */
const usual = new Map<string, ReadCsv>();

/** Keyword arguments with which pandas.read_csv reads the detected names and data. */
export function readingOf(parts: ReadWith): ReadCsv {
  const { text, header, data, delimiter, encoding, replace, cells, names, comment } = parts;
  const format = numbersAre(text, data, delimiter);
  const isUsual =
    header?.line === 1 &&
    !names &&
    !comment &&
    !replace &&
    !cells.includes('') &&
    (data === null ? parts.end === undefined : data.line === 2 && data.cells.length <= cells.length);
  if (!isUsual) return { ...common(delimiter, encoding, format), ...special(parts) };
  if (format === plain && delimiter === ',' && encoding === 'utf-8') return asPandasDoes;
  const key = `${delimiter}${encoding} ${format.decimal} ${format.thousands}`;
  let reading = usual.get(key);
  if (!reading) {
    reading = common(delimiter, encoding, format);
    usual.set(key, reading);
  }
  return reading;
}

const common = (delimiter: string, encoding: string, format: ReturnType<typeof numbersAre>): ReadCsv => ({
  ...(delimiter !== ',' && { sep: delimiter === blanks ? '\\s+' : delimiter }),
  ...(encoding !== 'utf-8' && { encoding }),
  ...format,
});

function special({ text, header, data, delimiter, replace, cells, names, comment, end }: ReadWith): ReadCsv {
  const isNamed = header !== null && names === undefined;
  const skipped = isNamed
    ? aboveAndBelow(text, header, data?.line ?? end)
    : countTo(data?.line ?? (header ? header.line + 1 : 1));
  const isOdd = skipped.some((line) => hasOddQuotes(lineAt(text, line)));
  // A delimiter at the end of each row is no column of row names, as one name less is otherwise.
  const more = data && isNamed ? data.cells.length - cells.length : 0;
  const isCut = more > 1 || (more === 1 && data?.cells.at(-1)?.trim() === '');
  return {
    ...(skipped.length > 0 && { skiprows: isUpTo(skipped) ? skipped.length : skipped }),
    ...(!isNamed && { header: null, names: names ?? cells }),
    ...(isNamed && cells.includes('') && { usecols: cells.flatMap((cell, at) => (cell === '' ? [] : [at])) }),
    ...(isCut && { index_col: false as const }),
    ...(comment !== undefined && { comment }),
    ...(replace && { encoding_errors: 'replace' as const }),
    // Otherwise pandas counts blank lines if lines end with CR.
    ...(skipped.length > 0 && !isOdd && isOfReturns(text) && { lineterminator: '\r' as const }),
    // The default engine treats a quote anywhere in a skipped line as an opening one.
    ...(isOdd && delimiter !== blanks && { engine: 'python' as const }),
  };
}

const isOfReturns = (text: string) => text.includes('\r') && !text.includes('\n');
const countTo = (end: number) => Array.from({ length: end - 1 }, (_, line) => line);
const isUpTo = (lines: number[]) => lines.at(-1) === lines.length - 1;

/** Numbers, from 0 as pandas counts, of the lines above the header, and of those between it and the data. */
function aboveAndBelow(text: string, header: Row, end: number | undefined): number[] {
  const above = countTo(header.line);
  if (end === undefined) return above;
  // Lines in quotes are one to pandas.
  const within = header.text.split(/\r\n|\n|\r/).length - 1;
  const between: number[] = [];
  for (let line = header.line + within; line < end - 1; line++) between.push(line);
  // Blank ones are passed over anyway.
  return between.every((line) => lineAt(text, line).trim() === '')
    ? above
    : [...above, ...between.map((line) => line - within)];
}

/** A line of the text, from 0. */
function lineAt(text: string, line: number): string {
  const lines = linesOf(text);
  return lines[line] ?? '';
}

let lately: { text: string; lines: string[] } | undefined;

function linesOf(text: string): string[] {
  if (lately?.text !== text) lately = { text, lines: text.split(/\r\n|\n|\r/) };
  return lately.lines;
}

const hasOddQuotes = (line: string) => (line.split('"').length - 1) % 2 === 1;
