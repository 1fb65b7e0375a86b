/** Strips above the rows: how many workers were busy, and when tasks failed. */

import { formatCount } from '../../../core/format/numbers.ts';
import { type Markup, markup } from '../text/markup.ts';
import type { Panel } from './panel.ts';
import { half } from './shapes.ts';

export const utilisationHeight = 34;
export const failureHeight = 20;
/** Columns of cells that a bar of failures stands for. */
const joined = 4;

interface Place {
  x: number;
  width: number;
}

/** Share of busy workers over time, as a filled line. */
export function utilisationStrip(panel: Panel, { x, width }: Place, top: number): Markup {
  const base = top + utilisationHeight;
  const { columns } = panel.cells;
  let last = -1;
  const steps = Array.from(panel.utilisation, (busy, column) => {
    const y = half(base - busy * (utilisationHeight - 2));
    const step = y === last ? '' : `H${half(x + (column / columns) * width)}V${y}`;
    last = y;
    return step;
  });
  return markup`<path class="busy" fill-opacity="0.55" d="M${x} ${base}${steps.join('')}H${x + width}V${base}z"/>
<path class="rule" d="M${x} ${base}h${width}"/>
<text class="end muted small" x="${x - 8}" y="${top + 10}">100 % busy</text>
<text class="end muted small" x="${x - 8}" y="${base}">0 %</text>`;
}

/** How many tasks failed over time, as bars. */
export function failureStrip({ cells }: Panel, { x, width }: Place, top: number): Markup {
  const counts = new Float64Array(Math.ceil(cells.columns / joined));
  cells.failed.forEach((count, cell) => {
    counts[Math.floor((cell % cells.columns) / joined)]! += count;
  });
  const highest = counts.reduce((most, count) => Math.max(most, count), 1);
  const base = top + failureHeight;
  const edge = (bar: number) => half(x + Math.min(1, (bar * joined) / cells.columns) * width);
  const bars = Array.from(counts, (count, bar) => {
    if (count === 0) return '';
    const tall = Math.max(2, half((count / highest) * failureHeight));
    return `M${edge(bar)} ${base}v${-tall}H${edge(bar + 1)}v${tall}z`;
  });
  return markup`<path class="failed" shape-rendering="crispEdges" d="${bars.join('')}"/><path class="rule" d="M${x} ${base}h${width}"/>
<text class="end muted small" x="${x - 8}" y="${top + 8}">up to ${formatCount(highest)}</text>
<text class="end muted small" x="${x - 8}" y="${base}">failed</text>`;
}
