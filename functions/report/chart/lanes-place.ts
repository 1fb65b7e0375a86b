/** Where and how the rows of a panel are drawn. */
import type { FailureMarks } from './panel.ts';

export interface LanesPlace {
  x: number;
  width: number;
  /** Height of what is drawn in a row: rows are a little apart. */
  barHeight: number;
  rowMiddle: (row: number) => number;
  /** Prefix of the patterns' ids. */
  id: string;
  marks: FailureMarks;
}
