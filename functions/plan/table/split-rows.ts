/** Splits the start of a text table into rows. */

/** Delimiter: any run of spaces and tabs; ignored at the ends. */
export const blanks = ' ';

export interface Row {
  /** Line of the file in which it starts, from 1. */
  line: number;
  cells: string[];
  /** Raw text, without line end. */
  text: string;
}

/** A position in a text. */
export interface Place {
  at: number;
  line: number;
}

export interface Rows {
  rows: Row[];
  /** Start of the next row. */
  next: Place;
  /** Whether the text ended within a row, which is omitted. */
  torn: boolean;
}

/**
 * The rows of a text, without blank ones. Lines end with LF, CRLF or CR. A quote opens a field only at its start, as in
 * Python's csv and pandas; quoted fields may contain delimiters, line ends and doubled quotes.
 * @param delimiter one character, `blanks`, or null: each line is one cell
 * @param complete whether the text ends where the file does
 * @param most maximum number of rows
 */
export function rowsOf(
  text: string,
  delimiter: string | null,
  { complete, most = Number.POSITIVE_INFINITY, from = { at: 0, line: 1 } }: RowsOptions,
): Rows {
  const ends = new LineEnds(text);
  const rows: Row[] = [];
  let { at, line } = from;
  // Most tables have no quote at all.
  let quote = delimiter === null || delimiter === blanks ? -1 : text.indexOf('"', at);
  while (at < text.length && rows.length < most) {
    let end = ends.after(at);
    let lines = 1;
    if (quote !== -1 && quote < at) quote = text.indexOf('"', at);
    if (delimiter !== null && quote !== -1 && quote < end)
      for (let open = unclosed(text, at, end, delimiter); open !== -1 && end < text.length; ) {
        // The quoted field goes on in the next line.
        const close = closing(text, open);
        const stop = close === -1 ? text.length : close + 1;
        while (end < stop) {
          end = ends.after(ends.next(end));
          lines++;
        }
        open = unclosed(text, stop, end, delimiter, true);
      }
    if (end === text.length && !complete) return { rows, next: { at, line }, torn: true };
    if (end > at) {
      const row = text.slice(at, end);
      if (row.trim() !== '') rows.push({ line, cells: cellsOf(row, delimiter), text: row });
    }
    at = ends.next(end);
    line += lines;
  }
  return { rows, next: { at, line }, torn: false };
}

interface RowsOptions {
  complete: boolean;
  most?: number;
  from?: Place;
}

/** Start of a line; undefined if the text has fewer lines. @param line from 1 */
export function beginOf(text: string, line: number): Place | undefined {
  const ends = new LineEnds(text);
  let at = 0;
  for (let passed = 1; passed < line; passed++) {
    const end = ends.after(at);
    if (end === text.length) return undefined;
    at = ends.next(end);
  }
  return { at, line };
}

/** Finds the ends of lines, going forward. */
class LineEnds {
  readonly #text: string;
  #feed = -2;
  #return = -2;

  constructor(text: string) {
    this.#text = text;
  }

  /** End of the line at this position: its CR or LF, or the end of the text. */
  after(at: number): number {
    if (this.#feed !== -1 && this.#feed < at) this.#feed = this.#text.indexOf('\n', at);
    if (this.#return !== -1 && this.#return < at) this.#return = this.#text.indexOf('\r', at);
    if (this.#feed === -1) return this.#return === -1 ? this.#text.length : this.#return;
    return this.#return === -1 ? this.#feed : Math.min(this.#feed, this.#return);
  }

  /** Start of the line after this end. */
  next(end: number): number {
    return end + (this.#text[end] === '\r' && this.#text[end + 1] === '\n' ? 2 : 1);
  }
}

/** Position of a quote that opens in a line and is not closed in it; -1: none. */
function unclosed(text: string, from: number, end: number, delimiter: string, inField = false): number {
  for (let at = from, atBeginning = !inField; at < end; ) {
    if (atBeginning && text[at] === '"') {
      const close = closing(text, at);
      if (close === -1 || close >= end) return at;
      at = close + 1;
    }
    const next = text.indexOf(delimiter, at);
    if (next === -1 || next >= end) return -1;
    at = next + 1;
    atBeginning = true;
  }
  return -1;
}

/** Position of the quote that closes this one; -1: none. */
function closing(text: string, open: number): number {
  for (let at = open + 1; ; at += 2) {
    at = text.indexOf('"', at);
    if (at === -1 || text[at + 1] !== '"') return at;
  }
}

/** The cells of one row. @param delimiter as in `rowsOf` */
export function cellsOf(row: string, delimiter: string | null): string[] {
  if (delimiter === null) return [unquoted(row)];
  if (delimiter === blanks)
    return row.includes('"')
      ? (row.match(/"[^"]*"|[^ \t]+/g) ?? []).map(unquoted)
      : row.trim().split(/[ \t]+/);
  if (!row.includes('"')) return row.split(delimiter);
  const cells: string[] = [];
  for (let at = 0; at <= row.length; ) {
    let cell = '';
    if (row[at] === '"') {
      const close = closing(row, at);
      const stop = close === -1 ? row.length : close;
      cell = row.slice(at + 1, stop).replaceAll('""', '"');
      at = Math.min(row.length, stop + 1);
    }
    // What follows a closing quote belongs to the field, as Python's csv has it.
    const next = row.indexOf(delimiter, at);
    const stop = next === -1 ? row.length : next;
    cells.push(cell + row.slice(at, stop));
    at = stop + 1;
  }
  return cells;
}

function unquoted(text: string): string {
  const [, inside] = /^"((?:[^"]|"")*)"$/.exec(text.trim()) ?? [];
  return inside === undefined ? text : inside.replaceAll('""', '"');
}
