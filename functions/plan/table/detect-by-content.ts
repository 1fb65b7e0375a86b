/** Detects delimiter and header of a table by the contents of its rows. */

import { isUnit, isValue, kindOf } from './cell-kinds.ts';
import { type Body, bodyOf } from './data-rows.ts';
import { blanks, type Row } from './split-rows.ts';
import {
  defaultDelimiters,
  delimiterOf,
  type Found,
  isText,
  recordAt,
  rowsWithin,
  type Text,
  tableOf,
  unclear,
} from './table-text.ts';

export interface Fitting {
  body: Body;
  /** Null: each line is one cell. */
  delimiter: string | null;
  /** With comments. */
  all: Row[];
  rows: Row[];
}

/** The delimiter with the best fit; undefined if none fits. @param most maximum number of rows */
export function fitting(text: Text, most: number): Fitting | undefined {
  const { delimiter: told } = text;
  const looks =
    told === undefined
      ? [...defaultDelimiters.filter((one) => text.text.includes(one)), blanks, null]
      : [told];
  let best: (Fitting & { quality: number }) | undefined;
  for (const delimiter of looks) {
    // Names and times contain spaces, too.
    if (delimiter === blanks && best && best.body.values > 0.95 && best.body.covered > 0.8) continue;
    const { all, rows } = rowsWithin(text, delimiter, most);
    const body = bodyOf(rows, delimiter !== blanks);
    if (!body || (delimiter !== null && body.width < 2 && told === undefined)) continue;
    const quality = body.quality - (delimiter === blanks ? 0.3 : delimiter === null ? 0.1 : 0);
    const lead = quality - (best?.quality ?? Number.NEGATIVE_INFINITY);
    if (lead > same || (lead > -same && body.width > (best?.body.width ?? 0)))
      best = { body, delimiter, all, rows, quality };
  }
  return best;
}

/** Qualities that differ by less count as equal. */
const same = 0.02;

/** @param most maximum number of rows */
export function byContent(text: Text, most: number): Found {
  const best = fitting(text, most);
  return best ? ofBody(text, best) : ofTexts(text, most);
}

function ofBody(text: Text, { body, delimiter: by, all, rows }: Fitting): Found {
  const { from } = text;
  const { header, first, width, because, exact } = body;
  if (body.unclear) return unclear(`${lines(body.unclear)} may each have the names`);
  const comment = commentBelow(all, rows, first, header);
  const common = { width, data: first, delimiter: by ?? ',', because, isSure: width > 1, comment };
  if (header && by === null) {
    // One column of values below names with a delimiter in them: a reader splits the names.
    return tableOf(text, {
      ...common,
      header,
      delimiter: delimiterOf(header.text),
      because: because || placeOf(header, all, from.line),
    });
  }
  // As R writes tables, whose first column has no name: `"a" "b"` above `"1" 2 3`.
  const isOfR = header && header.cells.length === width - 1 && /^(?:"[^"]*"\s*)+$/.test(header.text);
  if (header && by === blanks && header.cells.length !== width && !isOfR) {
    const cells = header.text.trim().split(/\t|[ \t]{2,}/);
    if (cells.length !== width)
      return unclear(`line ${header.line} has ${header.cells.length} words above ${width} columns`);
    return tableOf(text, { ...common, header: { ...header, cells }, apart: true });
  }
  if (header) {
    const place = because || placeOf(header, all, from.line);
    const differs = exact ? '' : `it has ${header.cells.length} names, and the rows below ${width} cells`;
    return tableOf(text, { ...common, header, because: [place, differs].filter(Boolean).join('; ') });
  }
  const named = namesInComment(
    all.filter((row) => row.line < first.line && !rows.includes(row)),
    width,
    by,
  );
  if (named)
    return tableOf(text, {
      ...common,
      ...named,
      because: 'the comment above the data has a name for each column',
    });
  const isFirst = first.line === rows[0]?.line;
  const why = isFirst
    ? `line ${first.line} is data already`
    : `data begins in line ${first.line}, and no line above has names`;
  return tableOf(text, { ...common, header: null, because: why });
}

/** The first character of lines between rows of data, if nothing else contains it. */
function commentBelow(all: Row[], rows: Row[], { line }: Row, header: Row | null): string | undefined {
  if (all.length === rows.length) return undefined;
  const data = new Set(rows);
  const comments = all.filter((row) => row.line > line && !data.has(row));
  const sign = comments[0]?.text.trim()[0];
  if (sign === undefined || sign === '"') return undefined;
  const isElsewhere = [...(header ? [header] : []), ...rows.filter((row) => row.line >= line)].some(
    ({ text }) => text.includes(sign),
  );
  return isElsewhere || comments.some(({ text }) => !text.startsWith(sign)) ? undefined : sign;
}

/** Where the header is, if it is directly above the data. */
function placeOf(header: Row, all: Row[], first: number): string {
  if (header.line === 1) return '';
  const above = all.filter(({ line }) => line < header.line).length;
  if (above > 0) return 'it is right above the data';
  return first > 1 ? 'the first line names the delimiter' : 'blank lines are above it';
}

/** `# Time;Power`, directly above the data. */
function namesInComment(
  comments: Row[],
  width: number,
  by: string | null,
): { header: Row; apart?: true } | undefined {
  for (const row of comments.reverse()) {
    const cells = by === blanks && /^\W+$/.test(row.cells[0] ?? '') ? row.cells.slice(1) : row.cells;
    if (!/\w/.test(row.text) || (cells.length === width && cells.every(isUnit))) continue;
    if (cells.length !== width || width < 2 || cells.filter(isText).length < 0.8 * width) return undefined;
    return { header: { ...row, cells }, ...(cells !== row.cells && { apart: true as const }) };
  }
  return undefined;
}

/** A table without numbers and times, or no table. */
function ofTexts(text: Text, most: number): Found {
  const { complete } = text;
  const alone = rowsWithin(text, null, most).rows;
  const [line] = alone;
  if (!line)
    return recordAt(text.text, text.from.at, complete) ? unclear('it has comments only') : { kind: 'more' };
  const delimiter = text.delimiter ?? delimiterOf(line.text);
  const [header, ...below] = rowsWithin(text, delimiter, most).rows;
  if (!header) return complete ? unclear('it has comments only') : { kind: 'more' };
  const { length: width } = header.cells;
  const table = { delimiter, width, isSure: false };
  if (!header.cells.some(isText)) {
    const because = `line ${header.line} is data already`;
    return tableOf(text, { ...table, header: null, data: header, because, isSure: width > 1 });
  }
  const take = (because: string) => {
    const found = tableOf(text, { ...table, header, data: below[0] ?? null, because });
    if (width === 1 && below.length > 0 && found.kind === 'table')
      return { ...found, notes: [...found.notes, onlyColumn] };
    return found;
  };
  if (below.length === 0) return take('nothing is below it');
  if (width === 1 && (header.text.match(/(?<!\S)[-+]?\d[\d.,]*(?!\S)/g) ?? []).length > 1)
    return unclear(`nothing separates the cells of line ${header.line}, which is no name`);
  if (width === 1 && areSentences(alone)) return unclear('its lines are sentences, not rows of a table');
  const alike = below.filter(({ cells }) => cells.length === width).length;
  if (below.length < 3 || alike >= 0.5 * below.length || beginWithValues(below))
    return take('the rows below it are texts');
  const counts = below.map(({ cells }) => cells.length);
  const [least, largest] = [Math.min(...counts), Math.max(...counts)];
  return unclear(`its rows have from ${least} to ${largest} cells, and nothing tells which has the names`);
}

const onlyColumn =
  'it has one column, of texts: if something separates cells within, name it with `table.delimiter`';

function areSentences(rows: Row[]): boolean {
  const long = rows.filter(({ text }) => text.trim().split(/\s+/).length > 3).length;
  return rows.length > 2 && long > rows.length / 2;
}

const beginWithValues = (rows: Row[]) =>
  rows.filter(({ cells }) => isValue(kindOf(cells[0] ?? ''))).length >= 0.8 * rows.length;

function lines(rows: Row[]): string {
  const numbers = rows.map(({ line }) => line);
  return `lines ${numbers.slice(0, -1).join(', ')} and ${numbers.at(-1)}`;
}
