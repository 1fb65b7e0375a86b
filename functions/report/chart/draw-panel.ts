/** A panel with its strip of utilisation, rows, gaps and axis. */

import { formatDuration } from '../../../core/format/numbers.ts';
import { type Markup, markup } from '../text/markup.ts';
import { axisOf } from './axis.ts';
import type { Labels } from './labels.ts';
import { lanes } from './lanes.ts';
import type { FailureMarks, Panel } from './panel.ts';
import { half, textWidth } from './shapes.ts';
import { failureHeight, failureStrip, utilisationHeight, utilisationStrip } from './strips.ts';

export interface PanelPlace {
  /** Where the plot begins, and the panel's top. */
  x: number;
  y: number;
  width: number;
  rowHeight: number;
  id: string;
  marks: FailureMarks;
  labels: Labels;
  /** Seconds that an axis of full width shows, and how many ticks it may have. */
  scale: { length: number; most: number };
  heading: string | undefined;
}

const headingHeight = 20;
const gapLabelHeight = 16;
const axisHeight = 44;

const above = (panel: Panel, heading: boolean) =>
  (heading ? headingHeight : 0) + (panel.clock.gaps.length > 0 ? gapLabelHeight : 4);

/** Where tasks are bars of their own, failures are plain to see without a strip. */
const hasFailureStrip = (panel: Panel) => panel.summary.failed > 0 && !panel.bars;
const stripsHeight = (panel: Panel) => utilisationHeight + (hasFailureStrip(panel) ? failureHeight + 6 : 0);

/** Pixels of a panel besides its rows. */
export const panelOverhead = (panel: Panel, heading: boolean): number =>
  above(panel, heading) + stripsHeight(panel) + 8 + axisHeight;

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

function axis(panel: Panel, { x, width, scale }: PanelPlace, top: number, bottom: number): Markup {
  const { unit, ticks } = axisOf(panel.clock, scale);
  const place = (at: number) => half(x + at * width);
  const grid = ticks.map(({ at }) => `M${place(at)} ${top}V${bottom + 4}`).join('');
  return markup`<path class="grid" d="${grid}"/><path class="rule" d="M${x} ${bottom}h${width}"/>
${ticks.map(({ at, label }) => markup`<text class="middle" x="${place(at)}" y="${bottom + 17}">${label}</text>`)}
<text class="middle muted" x="${x + Math.max(width, 220) / 2}" y="${bottom + 34}">${unit} since the first task started</text>`;
}

export function drawPanel(panel: Panel, place: PanelPlace): Markup {
  const top = place.y + above(panel, place.heading !== undefined);
  const rowsTop = top + stripsHeight(panel) + 8;
  const bottom = rowsTop + panel.rows.length * place.rowHeight;
  const heading =
    place.heading !== undefined &&
    markup`<text class="heading" x="${place.x}" y="${place.y + 12}">${place.heading}</text>`;
  if (panel.rows.length === 0) {
    return markup`${heading}<text class="muted" x="${place.x}" y="${top + 24}">No task ended.</text>`;
  }
  return markup`<g>${heading}
${utilisationStrip(panel, place, top)}
${hasFailureStrip(panel) && failureStrip(panel, place, top + utilisationHeight + 6)}
${place.labels.draw(place.x, rowsTop, place.rowHeight)}
${lanes(panel, { ...place, y: rowsTop })}
${axis(panel, place, top, bottom)}
${gapBands(panel, place, top, bottom)}
</g>`;
}
