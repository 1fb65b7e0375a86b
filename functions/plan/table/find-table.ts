/** Finds the line with the names of a table's columns. */
import type { TableSettings } from '../../../core/run-store/plan/table-layout.ts';
import { kindOf } from './cell-kinds.ts';
import { headerIn, withoutHeader } from './configured-header.ts';
import { byContent } from './detect-by-content.ts';
import type { Decoded } from './encoding.ts';
import { formatOf } from './known-formats.ts';
import { cellsOf, type Row, rowsOf } from './split-rows.ts';
import { type Found, isText, recordAt, type Text, tableOf, textOf } from './table-text.ts';

/** Rows that are read at first, and if these are not enough. */
const [few, many] = [60, 2000];

/** @param complete whether this is the complete file */
export function findTable(decoded: Decoded, settings: TableSettings, complete: boolean): Found {
  if (!/\S/.test(decoded.text)) return complete ? { kind: 'empty' } : { kind: 'more' };
  const text = textOf(decoded, settings, complete);
  if (settings.header === 'none') return withoutHeader(text);
  if (settings.header !== 'auto') return headerIn(text, settings.header);
  const found = plain(text) ?? ofFormat(text) ?? byContent(text, few);
  return found.kind === 'more' || (found.kind === 'table' && found.isSure) ? found : byContent(text, many);
}

/** Fast path: names in the first line, and rows of the same width. */
function plain(whole: Text): Found | undefined {
  const { text, from, complete, delimiter: told, isComment } = whole;
  const first = recordAt(text, from.at, complete);
  if (!first) return { kind: 'more' };
  if (isComment(first.text)) return undefined;
  const delimiter = told ?? first.delimiter;
  const { rows, next } = rowsOf(text, delimiter, { complete, most: 6, from });
  const [header, ...data] = rows;
  if (!header) return undefined;
  const { length: width } = header.cells;
  const take = (first: Row | null, because: string) =>
    tableOf(whole, { header, data: first, delimiter, width, because, isSure: true });
  // Spaces in a single line of words are no delimiters: `Power 1,Power 2`.
  if (data.length === 0 && complete && header.cells.some(isText)) return take(null, 'nothing is below it');
  if (data.length === 0 || !areNames(header)) return undefined;
  if (!areAlike(data, width)) return undefined;
  if (next.at < text.length && !endsAlike(text, delimiter, width)) return undefined;
  const { line } = header;
  const because =
    line === 1 ? '' : from.line > 1 ? 'the first line names the delimiter' : 'blank lines are above it';
  return take(data[0] as Row, because);
}

/** Whether the cells are words; a single cell is not enough. */
function areNames({ cells }: Row): boolean {
  if (cells.length === 1) return false;
  const kinds = cells.map(kindOf);
  if (kinds.some((kind) => kind === 'number' || kind === 'time')) return false;
  return 2 * kinds.filter((kind) => kind === 'text').length >= cells.length;
}

/** Whether each column has either values or texts, and at least one has values. */
function areAlike(rows: Row[], width: number): boolean {
  if (rows.some(({ cells }) => cells.length !== width)) return false;
  let hasValues = false;
  for (let column = 0; column < width; column++) {
    let [values, texts] = [0, 0];
    for (const { cells } of rows) {
      const kind = kindOf(cells[column] as string);
      if (kind === 'text') texts++;
      else if (kind !== 'empty') values++;
    }
    if (values > 0 && texts > 0) return false;
    hasValues ||= values > 0;
  }
  return hasValues;
}

/** Whether the last lines have the same width, unlike after a preamble. */
function endsAlike(text: string, delimiter: string, width: number): boolean {
  const mark = text.includes('\n') ? '\n' : '\r';
  let [lines, alike] = [0, 0];
  // The last is cut off, or empty.
  for (let end = text.lastIndexOf(mark); lines < 3 && end > 0; lines++) {
    const begin = text.lastIndexOf(mark, end - 1);
    const line = text.slice(begin + 1, end);
    if (cellsOf(line.endsWith('\r') ? line.slice(0, -1) : line, delimiter).length === width) alike++;
    end = begin;
  }
  return alike >= Math.min(2, lines);
}

/** A known format, whose names are in a fixed line. */
function ofFormat(whole: Text): Found | undefined {
  const { text, complete, from, delimiter: told } = whole;
  const format = formatOf(text.slice(from.at, from.at + 400));
  if (!format) return undefined;
  const delimiter = told ?? format.delimiter;
  const { rows } = rowsOf(text, delimiter, { complete, most: format.data + 1, from });
  const header = rows[format.header];
  if (!header) return undefined;
  const { because } = format;
  const data = rows[format.data] ?? null;
  const { length: width } = header.cells;
  const end = data ? undefined : (rows.at(-1) as Row).line + 1;
  return tableOf(whole, { header, data, delimiter, width, because, isSure: true, end });
}
