/** Kinds of cells, counted by row and by column. */
import { isValue, type Kind, kindOf } from './cell-kinds.ts';
import type { Row } from './split-rows.ts';

/** A row with the kinds of its cells. */
export interface Known extends Row {
  kinds: Kind[];
  /** Number of cells with numbers or times, with texts, with anything. */
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
  /** Number of columns up to the last non-empty one. */
  used: number;
  /** Of each column: whether it has values; number of texts; whether it is mostly empty; whether it has times. */
  each: { isValue: boolean; texts: number; isEmpty: boolean; isTime: boolean }[];
  /** The first column with times, else the first column. */
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
