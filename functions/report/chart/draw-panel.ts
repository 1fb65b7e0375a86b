/** A panel with its strip of utilisation, rows, gaps and axis. */
import { type Markup, markup } from '../text/markup.ts';
import { formatDuration, formatPercent } from '../text/quantity.ts';
import { axisOf } from './axis.ts';
import type { Labels } from './labels.ts';
import { lanes } from './lanes.ts';
import type { Panel } from './panel.ts';
import { half, textWidth } from './parts.ts';

export interface PanelPlace {
  /** Where the plot begins, and the panel's top. */
  x: number;
  y: number;
  width: number;
  rowHeight: number;
  id: string;
  labels: Labels;
  heading: string | undefined;
}

const stripHeight = 34;
const headingHeight = 20;
const gapLabelHeight = 16;
const axisHeight = 44;

const above = (panel: Panel, heading: boolean) =>
  (heading ? headingHeight : 0) + (panel.clock.gaps.length > 0 ? gapLabelHeight : 4);

/** Pixels of a panel besides its rows. */
export const panelOverhead = (panel: Panel, heading: boolean): number =>
  above(panel, heading) + stripHeight + 8 + axisHeight;

/** Share of busy workers over time, as a filled line. */
function strip(panel: Panel, { x, width }: PanelPlace, top: number): Markup {
  const base = top + stripHeight;
  const { columns } = panel.cells;
  let last = -1;
  const steps = Array.from(panel.utilisation, (busy, column) => {
    const y = half(base - busy * (stripHeight - 2));
    const step = y === last ? '' : `H${half(x + (column / columns) * width)}V${y}`;
    last = y;
    return step;
  });
  return markup`<path class="busy" fill-opacity="0.55" d="M${x} ${base}${steps.join('')}H${x + width}V${base}z"/>
<path class="rule" d="M${x} ${base}h${width}"/>
<text class="end muted small" x="${x - 8}" y="${top + 10}">100 % busy</text>
<text class="end muted small" x="${x - 8}" y="${base}">0 %</text>`;
}

function gapBands(panel: Panel, { x, width, id }: PanelPlace, top: number, bottom: number): Markup[] {
  const { clock } = panel;
  let free = 0;
  return clock.gaps.map((gap) => {
    const from = x + (clock.at(gap.start) / clock.length) * width;
    const to = x + (clock.at(gap.end) / clock.length) * width;
    const label = `${formatDuration(gap.end - gap.start)} idle`;
    const middle = Math.min((from + to) / 2, x + width - textWidth(label, 10) / 2);
    const fits = middle - textWidth(label, 10) / 2 >= free;
    if (fits) free = middle + textWidth(label, 10) / 2 + 6;
    return markup`<rect x="${half(from)}" y="${top}" width="${half(to - from)}" height="${bottom - top}" fill="url(#${id}-gap)"/>
${fits && markup`<text class="middle muted small" x="${middle}" y="${top - 4}">${label}</text>`}`;
  });
}

function axis(panel: Panel, { x, width }: PanelPlace, top: number, bottom: number): Markup {
  const { unit, ticks } = axisOf(panel.clock, Math.max(2, Math.floor(width / 80)));
  const place = (at: number) => half(x + at * width);
  const grid = ticks.map(({ at }) => `M${place(at)} ${top}V${bottom + 4}`).join('');
  return markup`<path class="grid" d="${grid}"/><path class="rule" d="M${x} ${bottom}h${width}"/>
${ticks.map(({ at, label }) => markup`<text class="middle" x="${place(at)}" y="${bottom + 17}">${label}</text>`)}
<text class="middle muted" x="${x + Math.max(width, 220) / 2}" y="${bottom + 34}">${unit} since the first task began</text>`;
}

/** What the strip shows, for people who cannot see it. */
export const utilisationText = (utilisation: number | null): string => `utilisation ${formatPercent(utilisation)}`;

export function drawPanel(panel: Panel, place: PanelPlace): Markup {
  const top = place.y + above(panel, place.heading !== undefined);
  const rowsTop = top + stripHeight + 8;
  const bottom = rowsTop + panel.rows.length * place.rowHeight;
  const heading =
    place.heading !== undefined && markup`<text class="heading" x="${place.x}" y="${place.y + 12}">${place.heading}</text>`;
  if (panel.summary.firstStart === null || panel.rows.length === 0) {
    return markup`${heading}<text class="muted" x="${place.x}" y="${top + 24}">No task ended.</text>`;
  }
  return markup`<g>${heading}
${strip(panel, place, top)}
${place.labels.draw(place.x, rowsTop, place.rowHeight)}
${lanes(panel, { x: place.x, y: rowsTop, width: place.width, rowHeight: place.rowHeight, id: place.id })}
${axis(panel, place, top, bottom)}
${gapBands(panel, place, top, bottom)}
</g>`;
}
