/** Rows as cells of time, where tasks are too many for bars of their own. */
import { Markup, markup } from '../text/markup.ts';
import type { LanesPlace, Panel } from './panel.ts';
import { crosses, half } from './shapes.ts';

const shades = 8;

/** How strong the colour of the i-th shade is; never full, so that failures stand out from it. */
export const shadeOpacity = (level: number): number => (0.8 * level) / shades;

/** From below, as tall as the share of tasks that failed; at least 2 pixels. */
function failedShares(panel: Panel, place: LanesPlace, grid: Grid): Markup[] {
  const { ended, failed } = panel.cells;
  const heights = Math.max(1, Math.floor(place.barHeight) - 1);
  const level = (cell: number) => (failed[cell] ? Math.ceil((failed[cell]! / ended[cell]!) * heights) : 0);
  return Array.from({ length: heights }, (_, i) => {
    const tall = Math.min(place.barHeight, i + 2);
    const y = (row: number) => half(place.rowMiddle(row) + (place.barHeight - tall) / 2);
    const [path] = levelPaths({ ...grid, y }, 1, (cell) => (level(cell) === i + 1 ? 1 : 0));
    return markup`<path class="failed-line" stroke-width="${tall}" d="${path}"/>`;
  });
}

function failedCrosses({ cells }: Panel, place: LanesPlace, grid: Grid): Markup {
  const centres: { x: number; y: number }[] = [];
  cells.failed.forEach((count, cell) => {
    const column = cell % cells.columns;
    const x = (grid.x(column) + grid.x(column + 1)) / 2;
    if (count > 0) centres.push({ x, y: place.rowMiddle(Math.floor(cell / cells.columns)) });
  });
  return crosses(centres, place.barHeight);
}

/** Shades show how busy the row's workers were. */
export function taskCells(panel: Panel, place: LanesPlace): Markup {
  const { busy, columns } = panel.cells;
  const x = (column: number) => half(place.x + (column / columns) * place.width);
  const grid: Grid = { columns, rows: panel.rows.length, x, y: (row) => half(place.rowMiddle(row)) };
  const paths = levelPaths(grid, shades, (cell) => Math.ceil(busy[cell]! * shades - 0.02));
  return markup`<g shape-rendering="crispEdges">${paths.map(
    (path, i) =>
      markup`<path class="busy-line" stroke-opacity="${shadeOpacity(i + 1)}" stroke-width="${place.barHeight}" d="${path}"/>`,
  )}${place.marks === 'shares' && failedShares(panel, place, grid)}</g>
${place.marks === 'crosses' && failedCrosses(panel, place, grid)}`;
}

interface Grid {
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
function levelPaths(grid: Grid, levels: number, levelOf: (cell: number) => number): Markup[] {
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
