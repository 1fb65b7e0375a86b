/** Cells as a few paths: one for each shade, with neighbours of the same shade joined. */
import { Markup } from '../text/markup.ts';

export interface Grid {
  columns: number;
  rows: number;
  /** Left edge of a column, and right edge of the one before, in pixels. */
  x: (column: number) => number;
  /** Where the line through a row's cells runs, in pixels. */
  y: (row: number) => number;
}

/**
 * Path data for each level from 1 to `levels`; lines along the rows, to be drawn with a stroke of the cell's height.
 * @param levelOf level of a cell, 0 for none.
 */
export function levelPaths(grid: Grid, levels: number, levelOf: (cell: number) => number): Markup[] {
  const paths = Array.from({ length: levels + 1 }, () => [] as string[]);
  for (let row = 0; row < grid.rows; row++) {
    const pens = new Array<number>(levels + 1);
    for (let column = 0; column < grid.columns; ) {
      const level = levelOf(row * grid.columns + column);
      let next = column + 1;
      while (next < grid.columns && levelOf(row * grid.columns + next) === level) next++;
      if (level > 0) {
        const [from, to] = [grid.x(column), grid.x(next)];
        const pen = pens[level];
        // Relative moves within a row are shorter to write than absolute ones.
        paths[level]!.push(
          pen === undefined ? `M${from} ${grid.y(row)}h${to - from}` : `m${from - pen} 0h${to - from}`,
        );
        pens[level] = to;
      }
      column = next;
    }
  }
  return paths.slice(1).map((parts) => new Markup(parts.join('')));
}
