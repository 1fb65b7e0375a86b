/** Finds the first row of data in a text table, and the row above it with the names, by the contents of cells. */
import { isValue, type Kind } from './cell-kinds.ts';
import { type Columns, columnsOf, type Known, knownOf } from './column-kinds.ts';
import { type Header, headerAbove, mayHoldNames } from './header-above.ts';
import type { Row } from './split-rows.ts';

export interface Body {
  /** Number of cells of a row. */
  width: number;
  /** The first row of data. */
  first: Row;
  /** The row with the names; null: none. */
  header: Row | null;
  /** Why this row, as the end of a sentence; empty if it is directly above the data. */
  because: string;
  /** Whether names and rows have the same number of cells. */
  exact: boolean;
  /** Share of numbers and times among filled cells; share of data rows among all rows. */
  values: number;
  covered: number;
  /** Quality of the fit, from 0 to 3. */
  quality: number;
  /** Rows that could each be the header, if it is ambiguous. */
  unclear?: Row[];
}

/** Lines of a key and a value mostly describe a table, and are none. */
const weightOfPairs = 0.3;
/** Maximum number of widths that are tried. */
const mostWidths = 3;

/**
 * @param rows from the start of the file, without comments, by one delimiter
 * @param isFirst whether names in the first row always count as names, whatever is below
 * @returns undefined if no rows with numbers or times look alike
 */
export function bodyOf(rows: Row[], isFirst: boolean): Body | undefined {
  // Spreadsheets save blank rows as delimiters.
  const known = rows.map(knownOf).filter(({ kinds }) => kinds.some((kind) => kind !== 'empty'));
  for (const width of widthsOf(known)) {
    const found = bodyOfWidth(known, width, isFirst);
    if (found) return found;
  }
  return undefined;
}

function bodyOfWidth(known: Known[], width: number, isFirst: boolean): Body | undefined {
  const wide = known.filter(({ cells, values }) => cells.length === width && values > 0);
  const columns = columnsOf(wide, width);
  const isData = (row: Known | undefined) => row !== undefined && looksLikeData(row, columns);
  let begin = known.findIndex((row, index) => {
    if (!isData(row)) return false;
    const next = known.slice(index + 1, index + 6);
    // A title may hold a date.
    const isFull = row.filled >= 0.5 * columns.used || isData(next[0]);
    return isFull && next.filter(isData).length >= 0.6 * next.length;
  });
  if (begin === -1) return undefined;
  begin -= faultyAbove(known, begin, columns);
  const after = known.slice(begin);
  const share = after.filter(isData).length / after.length;
  if (share < 0.5) return undefined;
  // Rows of many lengths, some of them alike by chance.
  const before = known.slice(0, begin).filter(({ kinds }) => isValue(kinds[0] as Kind));
  if (before.length > after.length) return undefined;
  const values =
    after.reduce((sum, row) => sum + row.values, 0) / after.reduce((sum, row) => sum + row.filled, 0);
  const covered = (share * after.length) / known.length;
  const quality = (found?: Header) =>
    values + 0.3 * share + covered + (found === undefined ? 0 : found.exact ? 0.5 : 0.2);
  const first = known[begin] as Known;
  const header = headerAbove(known, begin, columns, isFirst);
  if (header) return { ...header, width, first, values, covered, quality: quality(header) };
  const second = known[begin + 1];
  const others = wide.filter((row) => row !== first);
  if (second && mayBeNames(first, others, columnsOf(others, width))) {
    const own = { header: first, because: '', exact: true };
    return { ...own, width, first: second, values, covered, quality: quality(own) };
  }
  return { width, first, header: null, because: '', exact: false, values, covered, quality: quality() };
}

/** Widths of rows: first that of the rows with most of the values. */
function widthsOf(rows: Known[]): number[] {
  const found = new Map<number, number>();
  for (const { cells, kinds, values } of rows) {
    const weight = cells.length === 2 && kinds[0] === 'text' ? weightOfPairs : 1;
    if (values > 0) found.set(cells.length, (found.get(cells.length) ?? 0) + weight * values);
  }
  // On a tie the later one: descriptions are above the table.
  return [...found]
    .reverse()
    .sort(([, one], [, other]) => other - one)
    .slice(0, mostWidths)
    .map(([width]) => width);
}

function looksLikeData(row: Known, columns: Columns): boolean {
  if (row.cells.length !== columns.width) return false;
  const [values, texts, strays] = tally(row, columns.each);
  return values > 0 && 2 * texts <= values && strays <= mostStrays(columns);
}

/** Counts cells of a row: values in columns of values, texts in columns of values, anything in empty columns. */
function tally({ kinds }: Known, each: Columns['each']): [values: number, texts: number, strays: number] {
  let [values, texts, strays] = [0, 0, 0];
  for (const [column, kind] of kinds.entries()) {
    if (kind === 'empty') continue;
    const { isValue: wantsValue, isEmpty } = each[column] as Columns['each'][number];
    if (isEmpty) strays++;
    if (!wantsValue) continue;
    if (kind === 'text') texts++;
    else values++;
  }
  return [values, texts, strays];
}

/** Number of rows between names and data with words in columns of numbers: they are data, too. */
function faultyAbove(rows: Known[], begin: number, columns: Columns): number {
  const mostFaulty = 3;
  for (let count = 0; count <= mostFaulty && begin - count > 0; count++) {
    const row = rows[begin - count - 1] as Known;
    if (mayHoldNames(row, columns)) return count;
    if (row.cells.length !== columns.width) return 0;
    const [values, , strays] = tally(row, columns.each);
    const lacksTime = columns.each[columns.time]?.isTime && row.kinds[columns.time] !== 'time';
    if (values === 0 || lacksTime || strays > mostStrays(columns)) return 0;
  }
  return 0;
}

const mostStrays = ({ width }: Columns) => Math.max(1, 0.1 * width);

/** A header such as `Time,1,2,3`, `,0,1,2` or `site,2020-01-01,2020-01-02`, whose names are numbers or dates. */
function mayBeNames(row: Known, others: Known[], { each }: Columns): boolean {
  const inColumns = (test: (kind: Kind, column: Columns['each'][number]) => boolean) =>
    row.kinds.some((kind, column) => test(kind, each[column] as Columns['each'][number]));
  if (inColumns((kind, { isTime }) => kind === 'time' && isTime)) return false;
  const numbers = numbersOf(row);
  const areNames =
    numbers.every((one) => Number.isInteger(one) && one >= 0) && new Set(numbers).size === numbers.length;
  // Wavelengths, depths: they rise, and a word or nothing stands where others have times.
  const isScale =
    inColumns((kind, { isTime }) => isTime && (kind === 'text' || kind === 'empty')) &&
    rise(numbers) &&
    others.some((other) => !rise(numbersOf(other)));
  if (isScale) return true;
  if (!areNames) return false;
  return (
    inColumns((kind, { isValue: wantsValue, texts }) => kind === 'text' && wantsValue && texts === 0) ||
    inColumns((kind, { isValue: wantsValue, isTime }) => kind === 'time' && wantsValue && !isTime) ||
    (areConsecutive(numbers) && others.some((other) => !areConsecutive(numbersOf(other))))
  );
}

const numbersOf = ({ cells, kinds }: Known) =>
  cells.filter((_, column) => kinds[column] === 'number').map(Number);

const rise = (numbers: number[]) =>
  numbers.length > 2 && numbers.every((one, index) => index === 0 || one > (numbers[index - 1] as number));

const areConsecutive = (numbers: number[]) =>
  numbers.length > 1 &&
  numbers.every((one, index) => index === 0 || one === (numbers[index - 1] as number) + 1);
