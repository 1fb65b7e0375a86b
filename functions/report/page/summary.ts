/** The head of the page: what the run was, in a few figures. */

import { formatTime } from '../../../core/format/dates.ts';
import {
  formatCount,
  formatDollars,
  formatDuration,
  formatPercent,
  formatRatio,
  nounFor,
  plural,
} from '../../../core/format/numbers.ts';
import type { RepetitionSummary, RunSummary } from '../../../core/run-store/status/summary.ts';
import { figures } from '../data/figures.ts';
import { escaped, Markup, markup } from '../text/markup.ts';
import { performanceTable } from '../text/performance.ts';
import { shorten } from '../text/printable.ts';

const figure = (label: string, value: string, bad = false) =>
  markup`<div${bad && markup` class="bad"`}><dt>${label}</dt><dd>${value}</dd></div>`;

function list(run: RunSummary, last: RepetitionSummary): Markup {
  const { nodes, workersAtOnce: workers, efficiency, utilisation, overBound } = figures(last);
  return markup`<dl class="figures">
${figure('tasks', formatCount(last.tasks))}
${figure('succeeded', formatCount(last.succeeded))}
${figure('failed', formatCount(last.failed), last.failed > 0)}
${figure('unfinished', formatCount(last.unfinished), last.unfinished > 0)}
${figure('in parallel', formatDuration(last.parallelSeconds))}
${figure('in serial (estimate)', formatDuration(last.serialSeconds))}
${figure('efficiency improvement', formatPercent(efficiency))}
${figure('worker utilisation', formatPercent(utilisation))}
${figure('parallel / lower bound', formatRatio(overBound))}
${figure(`${nounFor(workers, 'worker')} on ${plural(nodes, 'node')}`, formatCount(workers))}
${figure('before the first task', formatDuration(run.initializeSeconds))}
${figure('in all', formatDuration(run.totalSeconds))}
${typeof run.dollars === 'number' && figure('cost, by list prices', formatDollars(run.dollars))}
</dl>`;
}

/** @param last the repetition that the page is about; undefined when there was none. */
export function summarySection(run: RunSummary, last: RepetitionSummary | undefined): Markup {
  const several = run.repetitions.length > 1;
  // The table is made of lines that are printable already.
  const lines = new Markup(escaped(performanceTable(run)));
  return markup`<header><h1>${shorten(run.run, 120)}</h1>
<p class="muted">Run of the project ${shorten(run.project, 120)}, requested at ${formatTime(run.requestedAt)}${
    several && last && `; ${run.repetitions.length} repetitions, the figures below are of the last`
  }</p></header>
${last ? list(run, last) : markup`<p>The run has no repetition.</p>`}
<details${several && markup` open`}><summary>All figures${several && ', by repetition'}</summary><pre class="table">${lines}</pre></details>`;
}
