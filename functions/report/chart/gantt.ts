/** The Gantt chart of a run, as SVG. */

import { formatCount, formatDuration, formatPercent, plural } from '../../../core/format/numbers.ts';
import type { RunSummary } from '../../../core/run-store/status/summary.ts';
import { figures } from '../data/figures.ts';
import { Markup, markup } from '../text/markup.ts';
import { shorten } from '../text/printable.ts';
import { drawPanel, panelOverhead } from './draw-panel.ts';
import { labelsOf } from './labels.ts';
import { legend } from './legend.ts';
import { failureMarksOf, type Panel } from './panel.ts';
import { patterns } from './shapes.ts';

/** Logical pixels; the image has twice as many. */
export const chartWidth = 1200;
const tallest = 1000;
const headHeight = 86;
const margin = { side: 24, bottom: 8 };
const rowHeights = { most: 26, least: 7, leastOfSeveral: 6 };
/** Panels that are stacked; of more repetitions only the last is drawn. */
export const mostPanels = 4;

/** How many rows a panel may have when `panels` are stacked. */
export const mostRows = (panels: number): number => {
  const each = (tallest - headHeight - margin.bottom) / panels - 142;
  return Math.floor(each / (panels > 1 ? rowHeights.leastOfSeveral : rowHeights.least));
};

const counts = (some: { tasks: number; failed: number; unfinished: number }) =>
  [
    plural(some.tasks, 'task'),
    `${formatCount(some.failed)} failed`,
    ...(some.unfinished > 0 ? [`${formatCount(some.unfinished)} unfinished`] : []),
  ].join(', ');

/** One line about a repetition: tasks, workers, time, utilisation. */
export function describe({ summary }: Panel): string {
  const { nodes, utilisation } = figures(summary);
  const workers = summary.workers.length;
  const place = `${plural(workers, 'worker')} on ${plural(nodes, 'node')}`;
  const time = `${formatDuration(summary.parallelSeconds)} in parallel, ${formatDuration(summary.serialSeconds)} in serial`;
  return `${counts(summary)} · ${place} · ${time} · utilisation ${formatPercent(utilisation)}`;
}

const shownPart = (run: RunSummary, panels: Panel[]) =>
  panels.length < run.repetitions.length
    ? ` (repetition ${panels[0]?.summary.repetition} of ${run.repetitions.length})`
    : '';

/**
 * @param panels the repetitions to draw, from top to bottom, all on the same scale of time.
 * @param id prefix of the ids in the drawing, unique in its document.
 * @param style rules for the drawing's classes, where the document has none.
 */
export function ganttChart(run: RunSummary, panels: Panel[], id: string, style = ''): Markup {
  const labels = panels.map((panel) => labelsOf(panel.rows));
  const x = margin.side + Math.max(78, ...labels.map((label) => label.width));
  const plot = chartWidth - x - margin.side;
  const longest = Math.max(...panels.map((panel) => panel.clock.length));
  const several = panels.length > 1;
  const room =
    tallest -
    headHeight -
    margin.bottom -
    panels.reduce((sum, panel) => sum + panelOverhead(panel, several), 0);
  const rows = panels.reduce((sum, panel) => sum + panel.rows.length, 0);
  const rowHeight = Math.min(rowHeights.most, Math.floor((2 * room) / Math.max(1, rows)) / 2);
  const marks = failureMarksOf(panels);
  let y = headHeight;
  const drawn = panels.map((panel, i) => {
    const heading = several ? `Repetition ${panel.summary.repetition}: ${describe(panel)}` : undefined;
    const scale = { length: longest, most: Math.floor(plot / 80) };
    const width = Math.round((plot * panel.clock.length) / longest);
    const part = drawPanel(panel, { x, y, width, rowHeight, id, labels: labels[i]!, heading, scale, marks });
    y += panelOverhead(panel, several) + panel.rows.length * rowHeight;
    return part;
  });
  const height = Math.ceil(y + margin.bottom);
  const title = `Run ${run.run} of ${run.project}${shownPart(run, panels)}`;
  const subtitle = panels.length === 1 ? describe(panels[0]!) : plural(panels.length, 'repetition');
  return markup`<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="0 0 ${chartWidth} ${height}" width="${chartWidth}" height="${height}" role="img" aria-labelledby="${id}-title ${id}-desc">
<title id="${id}-title">Gantt chart: ${shorten(title, 200)}</title>
<desc id="${id}-desc">A row for each worker, time to the right. ${panels.map((panel) => `${describe(panel)}. `).join('')}</desc>
${style && markup`<style>${new Markup(style)}</style>`}${patterns(id)}
<rect class="background" width="${chartWidth}" height="${height}"/>
<text class="title" x="${margin.side}" y="32">${shorten(title, 100)}</text>
<text class="muted" x="${margin.side}" y="52">${subtitle}</text>
${legend(panels, marks, id, margin.side, 66)}
${drawn}
</svg>`;
}
