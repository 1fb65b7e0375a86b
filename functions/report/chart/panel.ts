/** A repetition's part of the chart, as numbers: constant in size, however many tasks there were. */
import type { RepetitionSummary } from '../../../core/run-store/status/summary.ts';
import { type Clock, clockOf } from '../data/clock.ts';
import type { Timeline } from '../data/timeline.ts';
import { type Rows, rowsOf } from './rows.ts';

/** A task drawn by itself: begin and end as shares of the axis. */
export interface Bar {
  row: number;
  from: number;
  to: number;
  failed: boolean;
}

/** Cells of rows and columns of time: row by row. */
export interface Cells {
  columns: number;
  /** Share of the cell's worker time in which a task ran, 0 to 1. */
  busy: Float32Array;
  /** Tasks that ended in the cell, and those of them that failed. */
  ended: Uint32Array;
  failed: Uint32Array;
}

export interface Panel extends Rows {
  summary: RepetitionSummary;
  clock: Clock;
  cells: Cells;
  /** Share of busy workers per column. */
  utilisation: Float32Array;
  /** Every task, when they are few enough to be drawn one by one. */
  bars: Bar[] | undefined;
}

const mostBars = 2500;
/** Cells of all rows together: what an image can show and a page can carry. */
const mostCells = 50_000;
const columnsFor = (rows: number) => Math.max(350, Math.min(1050, Math.floor(mostCells / Math.max(1, rows))));

function cellsOf(timeline: Timeline, clock: Clock, { rows, rowOf }: Rows): Cells {
  const columns = columnsFor(rows.length);
  const size = columns * rows.length;
  const cells = {
    columns,
    busy: new Float32Array(size),
    ended: new Uint32Array(size),
    failed: new Uint32Array(size),
  };
  const scale = columns / clock.length;
  for (let at = 0; at < timeline.count; at++) {
    const lane = timeline.lane[at]!;
    if (lane >= rowOf.length) continue;
    const first = rowOf[lane]! * columns;
    const from = clock.at(timeline.start[at]!) * scale;
    const to = Math.min(columns, clock.at(timeline.end[at]!) * scale);
    const last = Math.min(columns - 1, Math.floor(to));
    for (let column = Math.min(last, Math.floor(from)); column <= last; column++) {
      cells.busy[first + column]! += Math.max(0, Math.min(to, column + 1) - Math.max(from, column));
    }
    cells.ended[first + last]!++;
    cells.failed[first + last]! += timeline.failed[at]!;
  }
  return cells;
}

function utilisationOf(cells: Cells, rows: Rows): Float32Array {
  const utilisation = new Float32Array(cells.columns);
  cells.busy.forEach((busy, at) => {
    utilisation[at % cells.columns]! += busy;
  });
  return utilisation.map((busy) => Math.min(1, busy / rows.rowOf.length));
}

const barsOf = (timeline: Timeline, clock: Clock, { rowOf }: Rows): Bar[] =>
  Array.from({ length: timeline.count }, (_, at) => ({
    row: rowOf[timeline.lane[at]!] ?? 0,
    from: clock.at(timeline.start[at]!) / clock.length,
    to: clock.at(timeline.end[at]!) / clock.length,
    failed: timeline.failed[at] === 1,
  }));

/** @param mostRows workers share rows when there are more of them. */
export function panelOf(summary: RepetitionSummary, timeline: Timeline, mostRows: number): Panel {
  const rows = rowsOf(timeline.count > 0 ? summary.workers : [], mostRows);
  const clock = clockOf(timeline);
  const cells = cellsOf(timeline, clock, rows);
  const utilisation = utilisationOf(cells, rows);
  const perRow = (_: number, at: number) => rows.rows[Math.floor(at / cells.columns)]!.lanes;
  cells.busy = cells.busy.map((busy, at) => Math.min(1, busy / perRow(busy, at)));
  const exact = timeline.count <= mostBars && !rows.shared;
  return {
    ...rows,
    summary,
    clock,
    cells,
    utilisation,
    bars: exact ? barsOf(timeline, clock, rows) : undefined,
  };
}

/** How failures are shown among cells: one by one where they are few, else by their share. */
export type FailureMarks = 'crosses' | 'shares';

const mostCrosses = { each: 25, all: 400 };

/** The same for all panels of a chart. */
export function failureMarksOf(panels: Panel[]): FailureMarks {
  const crowded = panels.some(({ cells, rows }) => {
    const failedCells = cells.failed.reduce((sum, count) => sum + (count > 0 ? 1 : 0), 0);
    return failedCells > Math.min(mostCrosses.all, mostCrosses.each * rows.length);
  });
  return crowded ? 'shares' : 'crosses';
}

/** Where and how the rows of a panel are drawn. */
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
