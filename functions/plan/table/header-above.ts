/** Finds the row with the names above the data. */
import { isAggregate, isUnit, saysTime } from './cell-kinds.ts';
import type { Columns, Known } from './column-kinds.ts';
import type { Row } from './split-rows.ts';

export interface Header {
  header: Row;
  /** Why this row, as the end of a sentence; empty if it is directly above the data. */
  because: string;
  /** Whether names and rows have the same number of cells. */
  exact: boolean;
  /** Rows that could each be the header, if it is ambiguous. */
  unclear?: Row[];
}

/** @param begin index of the first row of data
 * @param isFirst whether names in the first row always count as names, whatever is below */
export function headerAbove(
  rows: Known[],
  begin: number,
  columns: Columns,
  isFirst: boolean,
): Header | undefined {
  const block: Known[] = [];
  for (let at = begin - 1; at >= 0 && mayHoldNames(rows[at] as Known, columns); at--)
    block.push(rows[at] as Known);
  const above = rows[begin - 1];
  if (block.length === 0)
    return above && isNearlyFit(above, begin, columns)
      ? { header: above, because: '', exact: false }
      : undefined;
  // From below: units and kinds of averages stand below the names.
  let at = 0;
  while (at + 1 < block.length && isBelowNames(block[at] as Known, columns)) {
    // Units may stand above the names, too; and names may look like units.
    const name = (block[at] as Known).cells[columns.time] ?? '';
    if (saysTime(name) && !asUnit.test(name.trim()) && isOfUnits(block[at + 1] as Known)) break;
    at++;
  }
  const passed = at > 0 ? `${lines(block.slice(0, at))} below it ${at > 1 ? 'hold' : 'holds'} units` : '';
  const rest = block.slice(at);
  const [lowest] = rest as [Known];
  if (rest.length === 1) return { header: lowest, because: passed, exact: true };
  const ofTime = rest.filter(({ cells }) => saysTime(cells[columns.time] ?? ''));
  const isTop = isFirst && rest.length === 2 && begin === block.length;
  if (ofTime.length === 1 || (ofTime.length > 1 && !isTop))
    return { header: ofTime[0] as Known, because: passed, exact: true };
  if (isTop) {
    const [second, first] = rest as [Known, Known];
    return {
      header: first,
      because: `${lines([second])} below it holds texts, too, and no data`,
      exact: true,
    };
  }
  // Names differ from each other.
  const distinct = ({ cells }: Known) => new Set(cells.filter((cell) => cell.trim() !== '')).size;
  const most = Math.max(...rest.map(distinct));
  const best = rest.filter((row) => distinct(row) === most);
  if (columns.width <= 2 || best.length > 1)
    return { header: lowest, because: '', exact: true, unclear: rest.reverse() };
  return { header: best[0] as Known, because: passed, exact: true };
}

export function mayHoldNames(row: Known, { width, used, time, each }: Columns): boolean {
  // Of whatever the other columns are called: `Time,Inverter 1,2,300.5`.
  const isAboveTimes = each[time]?.isTime && row.kinds[time] === 'text' && saysTime(row.cells[time] ?? '');
  if (isAboveTimes && row.cells.length === width) return true;
  return (
    (row.cells.length === width || usedIn(row) === used) &&
    row.texts > 0 &&
    row.values <= 0.2 * row.filled &&
    // A title, or a key and its value, that a spreadsheet has made as long as the others.
    row.filled >= 0.5 * used
  );
}

const usedIn = ({ kinds }: Known) => kinds.findLastIndex((kind) => kind !== 'empty') + 1;

/** A header with more or fewer cells than the data: trailing delimiters, or a column of row names. */
function isNearlyFit(row: Known, begin: number, { width, used }: Columns): boolean {
  if (row.texts === 0 || row.values > 0.2 * row.filled) return false;
  const count = row.cells.length;
  if (width === 1) return true;
  if (count === width && row.filled < 0.5 * used) return false;
  return count >= 2 && ((count >= width / 2 && count <= 2 * width) || begin === 1);
}

/** Units of a column of times. */
const asUnit = /^(?:ts|utc|lst)$/i;

function isOfUnits({ cells }: Known): boolean {
  const given = cells.filter((cell) => cell.trim() !== '');
  return given.filter(isUnit).length >= 0.6 * given.length;
}

function isBelowNames({ cells, filled, values }: Known, { used }: Columns): boolean {
  const given = cells.filter((cell) => cell.trim() !== '');
  const share = (is: (cell: string) => boolean) => given.filter(is).length / given.length;
  const distinct = new Set(given).size;
  return (
    share(isUnit) >= 0.6 ||
    share(isAggregate) >= 0.6 ||
    filled + values < 0.5 * used ||
    (given.length >= 4 && distinct < 0.34 * given.length)
  );
}

/** `line 2`, `lines 2 and 3`. */
function lines(rows: Row[]): string {
  const numbers = rows.map(({ line }) => line).sort((a, b) => a - b);
  return numbers.length === 1
    ? `line ${numbers[0]}`
    : `lines ${numbers.slice(0, -1).join(', ')} and ${numbers.at(-1)}`;
}
