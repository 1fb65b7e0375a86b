/** The rows of a panel: what each worker did. */
import { type Markup, markup } from '../text/markup.ts';
import type { LanesPlace, Panel } from './panel.ts';
import { half } from './shapes.ts';
import { taskBars } from './task-bars.ts';
import { taskCells } from './task-cells.ts';

const spacing = (rowHeight: number) => (rowHeight >= 12 ? 3 : rowHeight >= 7 ? 1.5 : 1);

interface Box extends Pick<LanesPlace, 'x' | 'width' | 'id' | 'marks'> {
  y: number;
  rowHeight: number;
}

/** The rows with their tracks, from `y` downwards. */
export function lanes(panel: Panel, { y, rowHeight, ...box }: Box): Markup {
  const rowMiddle = (row: number) => y + (row + 0.5) * rowHeight;
  const place: LanesPlace = { ...box, barHeight: half(rowHeight - spacing(rowHeight)), rowMiddle };
  const tracks = panel.rows.map((_, row) => `M${box.x} ${half(rowMiddle(row))}h${box.width}`);
  return markup`<path class="lane" stroke-width="${place.barHeight}" d="${tracks.join('')}"/>
${panel.bars ? taskBars(panel.bars, place) : taskCells(panel, place)}`;
}
