/** Shows what a run was like: a table, a chart, a page. Reads what gathering left in the run's store. */
import { layout } from '../../core/run-store/layout.ts';
import { reportName } from '../../core/run-store/result-names.ts';
import type { RunSummary } from '../../core/run-store/status/summary.ts';
import { readAll, type Store } from '../../core/store.ts';
import { ganttChart, mostPanels, mostRows } from './chart/gantt.ts';
import { type Panel, panelOf } from './chart/panel.ts';
import { fontFamily, renderPng } from './chart/png.ts';
import { chartStyle, light } from './chart/style.ts';
import { configuration } from './data/configuration.ts';
import { type Distribution, distribution } from './data/distribution.ts';
import { failures } from './data/failures.ts';
import { outputsShown } from './data/outputs.ts';
import { executions } from './data/path.ts';
import { type SlowTask, slowest } from './data/slowest.ts';
import { readTimeline } from './data/timeline.ts';
import { page } from './page/page.ts';
import { performanceTable } from './text/performance.ts';

export interface ReportPorts {
  /** The run's store. */
  store: Store;
}

export interface ReportRequest {
  fileNames: { performance: string; runtimeGanttChart: string };
}

/** Name of the page; the configuration has no name for it. */

const slowestShown = 20;

interface Charted {
  panels: Panel[];
  /** Of the last repetition. */
  distribution: Distribution | undefined;
  slowest: SlowTask[];
}

/** One repetition after the other, so that only one timeline is in memory. */
async function chart(store: Store, run: RunSummary): Promise<Charted> {
  const { repetitions } = run;
  const shown = repetitions.length <= mostPanels ? repetitions : repetitions.slice(-1);
  const charted: Charted = { panels: [], distribution: undefined, slowest: [] };
  for (const summary of shown) {
    const timeline = await readTimeline(store, summary.repetition, summary.succeeded + summary.failed);
    charted.panels.push(panelOf(summary, timeline, mostRows(shown.length)));
    if (summary !== shown.at(-1)) continue;
    charted.distribution = distribution(timeline);
    charted.slowest = await slowest(store, timeline, slowestShown);
  }
  return charted;
}

/**
 * Writes the table of figures, the Gantt chart (PNG) and the page (HTML) of a gathered run, over those of an earlier
 * report. Memory stays below 300 MB at 1,000,000 tasks.
 * @returns keys of the files in the store.
 * @throws NotFound when the run was not gathered.
 */
export const report =
  ({ store }: ReportPorts) =>
  async ({ fileNames }: ReportRequest): Promise<{ files: string[] }> => {
    const run = JSON.parse((await readAll(store, layout.summary)).toString()) as RunSummary;
    const performance = layout.result(fileNames.performance);
    await store.write(performance, performanceTable(run));

    const { panels, ...charted } = await chart(store, run);
    const image = layout.result(fileNames.runtimeGanttChart);
    const style = chartStyle(light, `'${fontFamily}'`);
    await store.write(image, await renderPng(ganttChart(run, panels, 'gantt', style).text));

    const html = layout.result(reportName);
    const content = {
      ...charted,
      run,
      chart: ganttChart(run, panels, 'gantt'),
      failures: await failures(store),
      outputs: await outputsShown(store),
      executions: await executions(store),
      settings: await configuration(store),
    };
    await store.write(html, page(content));
    return { files: [performance, image, html] };
  };
