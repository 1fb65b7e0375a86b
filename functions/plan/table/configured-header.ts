/** Tables whose header line is set in config.yaml. */
import { bodyOf } from './data-rows.ts';
import { fitting } from './detect-by-content.ts';
import { beginOf, blanks, cellsOf, type Row, rowsOf } from './split-rows.ts';
import {
  defaultDelimiters,
  delimiterOf,
  type Found,
  recordAt,
  rowsWithin,
  type Text,
  tableOf,
  unclear,
} from './table-text.ts';

/** Rows that are read to find the delimiter and the first row of data. */
const few = 60;
const because = 'config.yaml says so';

/** A table with its names in this line, from 1. */
export function headerIn(whole: Text, line: number): Found {
  const { text, complete, delimiter: told, isComment } = whole;
  const from = beginOf(text, line);
  if (!from || from.at >= text.length)
    return complete
      ? unclear(`it has no line ${line}, where config.yaml says that the names are`)
      : { kind: 'more' };
  const record = recordAt(text.slice(from.at), 0, complete);
  if (!record) return { kind: 'more' };
  const alone = rowsOf(text, null, { complete, most: few, from }).rows;
  if (alone[0]?.line !== line)
    return unclear(`line ${line}, where config.yaml says that the names are, is blank`);
  const below = alone.slice(1).filter((row) => !isComment(row.text));
  const delimiter = told ?? delimiterAbove(record.delimiter, record.text, below);
  const [header, ...rows] = rowsOf(text, delimiter, { complete, most: few, from }).rows;
  if (!header) return { kind: 'more' };
  const { length: width } = header.cells;
  const others = rows.filter((row) => !isComment(row.text));
  // Units and the like may stand between names and data.
  const data = bodyOf([header, ...others], true)?.first ?? others[0] ?? null;
  return tableOf(whole, {
    header,
    data: data?.line === line ? (others[0] ?? null) : data,
    delimiter,
    width,
    because,
    isSure: true,
  });
}

/** The delimiter by which header and rows have the same number of cells; else the default. */
function delimiterAbove(usual: string, header: string, below: Row[]): string {
  const fits = (delimiter: string) => {
    const { length: width } = cellsOf(header, delimiter);
    return width < 2
      ? 0
      : below.filter(({ text }) => cellsOf(text, delimiter).length === width).length / below.length;
  };
  if (below.length === 0) return usual;
  const best = [...defaultDelimiters, blanks].reduce(
    (one, other) => (fits(other) > fits(one) ? other : one),
    usual,
  );
  return fits(best) >= 0.5 ? best : usual;
}

/** A table without names. */
export function withoutHeader(text: Text): Found {
  const best = fitting(text, few);
  if (best) {
    const { first, header, width, exact } = best.body;
    // A row above that looks like names is the first row of data.
    const data = header && exact && best.body.because === '' ? header : first;
    return tableOf(text, {
      header: null,
      data,
      delimiter: best.delimiter ?? ',',
      width,
      because,
      isSure: true,
    });
  }
  const record = recordAt(text.text, text.from.at, text.complete);
  if (!record) return { kind: 'more' };
  const [line] = rowsWithin(text, null, few).rows;
  if (!line) return unclear('it has comments only');
  const delimiter = text.delimiter ?? delimiterOf(line.text);
  const [data] = rowsWithin(text, delimiter, few).rows;
  if (!data) return unclear('it has comments only');
  return tableOf(text, { header: null, data, delimiter, width: data.cells.length, because, isSure: true });
}
