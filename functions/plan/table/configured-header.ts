/** Tables of which the configuration says where their names are. */
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

/** Rows that are looked at to find the delimiter, and the first of the data. */
const few = 60;
const because = 'config.yaml says so';

/** The names are in this line of the file, from 1. */
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

/** The delimiter by which names and the rows below have equally many cells; else the usual one. */
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

/** There are no names. */
export function withoutHeader(text: Text): Found {
  const best = fitting(text, few);
  if (best) {
    const { first, header, width, exact } = best.body;
    // What looks like names right above is the first row, then.
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
