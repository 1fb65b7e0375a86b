/** The state machine's path, with a bar for each state. */

import { formatTime } from '../../../core/format/dates.ts';
import { formatCount, formatDuration } from '../../../core/format/numbers.ts';
import type { Execution, StateVisit } from '../data/path.ts';
import { type Markup, markup } from '../text/markup.ts';
import { shorten } from '../text/printable.ts';
import { type Cell, duration, number, table } from './table.ts';

/** Of a run that was resumed often, the last ones. */
const mostExecutions = 5;

function bar(state: StateVisit, { started, ended }: Execution): Markup {
  const whole = Math.max(ended - started, 1e-9);
  const share = (seconds: number) => Math.max(0, Math.min(100, (100 * seconds) / whole));
  const left = share(state.entered - started);
  const width = Math.min(100 - left, share((state.left ?? ended) - state.entered));
  return markup`<div class="track" aria-hidden="true"><i style="left:${Math.min(99, left)}%;width:${width}%"></i></div>`;
}

/** This page is written while its state, the last one but the end, is still at it. */
const writesThis = (state: StateVisit) => state.left === null && state.state.startsWith('Report');

function happened(state: StateVisit): Cell {
  if (writesThis(state)) return { content: 'wrote this page' };
  const parts = [
    state.failed > 0 && `failed ${formatCount(state.failed)} ×`,
    state.retried > 0 && `retried ${formatCount(state.retried)} ×`,
    state.caught > 0 && `caught ${formatCount(state.caught)} ×`,
    state.left === null && 'not left',
  ].filter((part) => part !== false);
  return { content: parts.join(', '), ...(parts.length > 0 && { kind: 'bad-text' as const }) };
}

const columns = [
  { label: 'State' },
  { label: 'Type' },
  { label: 'Entered after', number: true },
  { label: 'Took', number: true },
  { label: 'Times', number: true },
  { label: 'In the run' },
  { label: 'What happened' },
];

function statesTable(execution: Execution): Markup {
  const rows = execution.states.map((state): Cell[] => [
    { content: shorten(state.state, 60) },
    { content: shorten(state.type, 20) },
    duration(state.entered - execution.started),
    duration(state.left === null ? null : state.seconds),
    number(state.times),
    { content: bar(state, execution) },
    happened(state),
  ]);
  return table(columns, rows, false);
}

function troubles({ started, troubles, troubleCount }: Execution): Markup | undefined {
  if (troubleCount === 0) return undefined;
  const rows = troubles.map(({ at, state, error, cause }): Cell[] => [
    { content: shorten(state, 60) },
    duration(at - started),
    { content: `${shorten(error, 80)}: ${shorten(cause, 300)}`, kind: 'name' },
  ]);
  const more = troubleCount - troubles.length;
  return markup`<h3>Failures of states</h3>
${table([{ label: 'State' }, { label: 'After', number: true }, { label: 'Error and cause' }], rows, false)}
${more > 0 && markup`<p class="muted">and ${formatCount(more)} more</p>`}`;
}

function section(execution: Execution, several: boolean): Markup {
  const { outcome, error, cause, started, ended, states } = execution;
  const took = formatDuration(ended - started);
  return markup`${several && markup`<h3>Execution ${shorten(execution.execution, 80)}</h3>`}
<p>Started at ${formatTime(started)} and ${outcome ? markup`<strong>${outcome}</strong> after ${took}` : states.some(writesThis) ? `gathered the results after ${took}` : 'is running, or was ended from outside'}${
    error !== undefined &&
    markup`: <span class="bad-text">${shorten(error, 80)}</span> ${shorten(cause ?? '', 500)}`
  }</p>
${statesTable(execution)}${troubles(execution)}`;
}

export function pathSection(executions: Execution[]): Markup {
  const shown = executions.slice(-mostExecutions);
  const before = executions.length - shown.length;
  return markup`<section><h2>Path through the state machine</h2>
${executions.length === 0 && markup`<p>No event was recorded.</p>`}
${before > 0 && markup`<p class="muted">${formatCount(before)} earlier executions are left out.</p>`}
${shown.map((execution) => section(execution, executions.length > 1))}</section>`;
}
