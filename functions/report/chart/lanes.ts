/** The rows of a panel: what each worker did. */
import { type Markup, markup } from '../text/markup.ts';
import { type Grid, levelPaths } from './cell-paths.ts';
import type { Bar, Panel } from './panel.ts';
import { half } from './parts.ts';

export interface Place {
  x: number;
  y: number;
  width: number;
  rowHeight: number;
  /** Prefix of the patterns' ids. */
  id: string;
}

const shades = 8;
const failedHeights = 4;

/** Space between rows, so that lanes can be told apart. */
const spacing = (rowHeight: number) => (rowHeight >= 12 ? 3 : rowHeight >= 7 ? 1.5 : 1);

/** Every task as a bar; failed ones hatched and crossed. */
function bars(panel: Panel, bars: Bar[], place: Place): Markup {
  const height = place.rowHeight - spacing(place.rowHeight);
  const box = ({ row, from, to }: Bar) => {
    const width = (to - from) * place.width;
    // A seam shows where one task ends and the next begins.
    const w = Math.max(0.8, width - (width >= 3 ? 0.8 : 0));
    return { x: place.x + from * place.width, y: place.y + row * place.rowHeight + (place.rowHeight - height) / 2, w };
  };
  const cross = (bar: Bar) => {
    const { x, y, w } = box(bar);
    const arm = Math.min(4, height / 2 - 0.5);
    return `M${(x + w / 2 - arm).toFixed(1)} ${(y + height / 2 - arm).toFixed(1)}l${2 * arm} ${2 * arm}m0 ${-2 * arm}l${-2 * arm} ${2 * arm}`;
  };
  const path = (some: Bar[]) =>
    some.map(box).map(({ x, y, w }) => `M${x.toFixed(1)} ${half(y)}h${w.toFixed(1)}v${half(height)}h${(-w).toFixed(1)}z`).join('');
  const failed = bars.filter((bar) => bar.failed);
  const crosses = failed.map(cross).join('');
  return markup`<path class="busy" d="${path(bars.filter((bar) => !bar.failed))}"/>
<path fill="url(#${place.id}-failed)" class="failed-line" stroke-width="0.8" d="${path(failed)}"/>
<path class="halo" stroke-width="3.5" d="${crosses}"/><path class="failed-line" stroke-width="1.7" d="${crosses}"/>`;
}

/** Columns of time in shades of how busy the row's workers were; from below, hatched, the share of failed tasks. */
function cells(panel: Panel, place: Place): Markup {
  const { busy, ended, failed, columns } = panel.cells;
  const height = place.rowHeight - spacing(place.rowHeight);
  const x = (column: number) => half(place.x + (column / columns) * place.width);
  const middle: Grid = { columns, rows: panel.rows.length, x, y: (row) => half(place.y + (row + 0.5) * place.rowHeight) };
  const busyPaths = levelPaths(middle, shades, (cell) => Math.ceil(busy[cell]! * shades - 0.02));
  const failedLevel = (cell: number) => (failed[cell] ? Math.ceil((failed[cell]! / ended[cell]!) * failedHeights) : 0);
  const failedShapes = Array.from({ length: failedHeights }, (_, i) => {
    const tall = half(height * (0.25 + (0.75 * (i + 1)) / failedHeights));
    const y = (row: number) => place.y + (row + 0.5) * place.rowHeight + height / 2 - tall / 2;
    const [path] = levelPaths({ ...middle, y }, 1, (cell) => (failedLevel(cell) === i + 1 ? 1 : 0));
    return markup`<path fill="none" stroke="url(#${place.id}-failed)" stroke-width="${tall}" d="${path}"/>`;
  });
  return markup`<g shape-rendering="crispEdges">${busyPaths.map(
    (path, i) => markup`<path class="busy-line" stroke-opacity="${(i + 1) / shades}" stroke-width="${half(height)}" d="${path}"/>`,
  )}${failedShapes}</g>`;
}

/** The rows with their tracks. */
export function lanes(panel: Panel, place: Place): Markup {
  const height = place.rowHeight - spacing(place.rowHeight);
  const tracks = panel.rows.map((_, row) => `M${place.x} ${half(place.y + (row + 0.5) * place.rowHeight)}h${place.width}`);
  return markup`<path class="lane" stroke-width="${half(height)}" d="${tracks.join('')}"/>
${panel.bars ? bars(panel, panel.bars, place) : cells(panel, place)}`;
}
