/** What the cells of rows and columns hold. */
import { isValue, type Kind, kindOf } from './cell-kinds.ts';
import type { Row } from './split-rows.ts';

/** A row with what its cells hold. */
export interface Known extends Row {
  kinds: Kind[];
  /** Cells with numbers or times, with texts, with anything. */
  values: number;
  texts: number;
  filled: number;
}

export function knownOf(row: Row): Known {
  const kinds = row.cells.map(kindOf);
  const values = kinds.filter(isValue).length;
  const texts = kinds.filter((kind) => kind === 'text').length;
  return { ...row, kinds, values, texts, filled: values + texts };
}

export interface Columns {
  width: number;
  /** Cells up to the last column that has anything in it. */
  used: number;
  /** Of each column: it holds values; how many of its cells are texts; it is mostly empty; it holds times. */
  each: { isValue: boolean; texts: number; isEmpty: boolean; isTime: boolean }[];
  /** The first with times; the first of all where there is none. */
  time: number;
}

export function columnsOf(rows: Known[], width: number): Columns {
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
