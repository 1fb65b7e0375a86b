/** Where the rows of data begin in a text table, and which row above them holds the names: by what stands in the cells. */
import { isAggregate, isUnit, isValue, type Kind, kindOf, saysTime } from './cells.ts';
import type { Row } from './rows.ts';

/** A row with what its cells hold. */
interface Known extends Row {
  kinds: Kind[];
  /** Cells with numbers or times, with texts, with anything. */
  values: number;
  texts: number;
  filled: number;
}

export interface Body {
  /** Cells of a row. */
  width: number;
  /** The first row of data. */
  first: Row;
  /** The row with the names; null: there is none. */
  header: Row | null;
  /** Why this one, as the end of a sentence; empty when it stands right above the data, as usual. */
  because: string;
  /** Whether names and rows have the same number of cells. */
  exact: boolean;
  /** Share of the cells that are filled that have numbers or times; share of the rows that are data. */
  values: number;
  covered: number;
  /** How well all of it fits, from 0 to 3. */
  quality: number;
  /** Rows that could each be the header: nobody can tell. */
  unclear?: Row[];
}

/** A key and a value in each line: they describe a table, and are seldom one. */
const weightOfPairs = 0.3;
/** So many are tried. */
const mostWidths = 3;

/**
 * @param rows of the beginning of the file, without comments, by one delimiter
 * @param isFirst whether names in the very first row were always taken for names, whatever stands below them
 * @returns undefined: there are no rows with numbers or times that look alike
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
  // Rows of many lengths, of which some are alike by chance.
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

function knownOf(row: Row): Known {
  const kinds = row.cells.map(kindOf);
  const values = kinds.filter(isValue).length;
  const texts = kinds.filter((kind) => kind === 'text').length;
  return { ...row, kinds, values, texts, filled: values + texts };
}

/** The numbers of cells that rows have: first that of the rows with most of the values. */
function widthsOf(rows: Known[]): number[] {
  const found = new Map<number, number>();
  for (const { cells, kinds, values } of rows) {
    const weight = cells.length === 2 && kinds[0] === 'text' ? weightOfPairs : 1;
    if (values > 0) found.set(cells.length, (found.get(cells.length) ?? 0) + weight * values);
  }
  // Of equal ones the later: what describes a table stands above it.
  return [...found]
    .reverse()
    .sort(([, one], [, other]) => other - one)
    .slice(0, mostWidths)
    .map(([width]) => width);
}

interface Columns {
  width: number;
  /** Cells up to the last column that has anything in it. */
  used: number;
  /** Of each column: it holds values; how many of its cells are texts; it is mostly empty; it holds times. */
  each: { isValue: boolean; texts: number; isEmpty: boolean; isTime: boolean }[];
  /** The first with times; the first of all where there is none. */
  time: number;
}

function columnsOf(rows: Known[], width: number): Columns {
  const each = Array.from({ length: width }, (_, column) => {
    const count = { empty: 0, number: 0, time: 0, text: 0 };
    for (const { kinds } of rows) count[kinds[column] as Kind]++;
    const values = count.number + count.time;
    return {
      isValue: values > 0 && values >= 0.7 * (values + count.text),
      texts: count.text,
      isEmpty: count.empty >= 0.8 * rows.length,
      isTime: count.time > 0 && count.time >= 0.7 * (values + count.text),
    };
  });
  return {
    width,
    used: each.findLastIndex(({ isEmpty }) => !isEmpty) + 1,
    each,
    time: Math.max(
      0,
      each.findIndex(({ isTime }) => isTime),
    ),
  };
}

function looksLikeData(row: Known, columns: Columns): boolean {
  if (row.cells.length !== columns.width) return false;
  const [values, texts, strays] = tally(row, columns.each);
  return values > 0 && 2 * texts <= values && strays <= mostStrays(columns);
}

/** Cells of a row: values where values belong, texts there, anything where there mostly is nothing. */
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

/** So many rows between names and data have words where others have numbers: they are data, too. */
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
  if (!areNames) return false;
  return (
    inColumns((kind, { isValue: wantsValue, texts }) => kind === 'text' && wantsValue && texts === 0) ||
    inColumns((kind, { isValue: wantsValue, isTime }) => kind === 'time' && wantsValue && !isTime) ||
    (areConsecutive(numbers) && others.some((other) => !areConsecutive(numbersOf(other))))
  );
}

const numbersOf = ({ cells, kinds }: Known) =>
  cells.filter((_, column) => kinds[column] === 'number').map(Number);

const areConsecutive = (numbers: number[]) =>
  numbers.length > 1 &&
  numbers.every((one, index) => index === 0 || one === (numbers[index - 1] as number) + 1);

type Header = Pick<Body, 'header' | 'because' | 'exact' | 'unclear'>;

function headerAbove(rows: Known[], begin: number, columns: Columns, isFirst: boolean): Header | undefined {
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
  while (at + 1 < block.length && isBelowNames(block[at] as Known, columns)) at++;
  const passed = at > 0 ? `${lines(block.slice(0, at))} below it ${at > 1 ? 'hold' : 'holds'} units` : '';
  const rest = block.slice(at);
  const [lowest] = rest as [Known];
  if (rest.length === 1) return { header: lowest, because: passed, exact: true };
  const ofTime = rest.find(({ cells }) => saysTime(cells[columns.time] ?? ''));
  if (ofTime) return { header: ofTime, because: passed, exact: true };
  if (isFirst && rest.length === 2 && begin === block.length) {
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

function mayHoldNames(row: Known, { width, used }: Columns): boolean {
  return (
    (row.cells.length === width || usedIn(row) === used) && row.texts > 0 && row.values <= 0.2 * row.filled
  );
}

const usedIn = ({ kinds }: Known) => kinds.findLastIndex((kind) => kind !== 'empty') + 1;

/** A row of names that has more or fewer cells than the data: a delimiter at the ends of lines, a column of row names. */
function isNearlyFit(row: Known, begin: number, { width }: Columns): boolean {
  if (row.texts === 0 || row.values > 0.2 * row.filled) return false;
  const count = row.cells.length;
  if (width === 1) return true;
  return count >= 2 && ((count >= width / 2 && count <= 2 * width) || begin === 1);
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
