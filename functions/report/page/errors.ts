/** What went wrong, grouped, with tracebacks and output. */

import { formatCount, formatDuration, plural } from '../../../core/format/numbers.ts';
import { taskName } from '../../../core/run-store/plan/manifest.ts';
import type { Failure } from '../../../core/run-store/records/records.ts';
import type { FailureGroup, Failures } from '../data/failures.ts';
import { escaped, Markup, markup } from '../text/markup.ts';
import { printableLines, shorten } from '../text/printable.ts';

const mostGroups = 40;
/** Columns of a message that are shown at once. */
const messageWidth = 300;
/** Characters of escaped tracebacks and output in all: keeps the page small whatever tasks print. */
const budget = 600_000;

/** Hands out text until the budget is spent. */
class Allowance {
  #left = budget;

  block(title: string, text: string): Markup | undefined {
    if (text.trim() === '') return undefined;
    const content = escaped(printableLines(text).trimEnd());
    if (content.length > this.#left)
      return markup`<p class="muted">${title} left out: the page would grow too large.</p>`;
    this.#left -= content.length;
    return markup`<p class="muted">${title}</p><pre>${new Markup(content)}</pre>`;
  }
}

const attempts = (attempt: number) => plural(attempt, 'attempt');

function example(failure: Failure, allowance: Allowance): Markup {
  const { message, traceback } = failure.error;
  const longer = shorten(message, messageWidth) !== message;
  return markup`<details><summary>${shorten(taskName(failure), 160)} <span class="muted">${formatDuration(failure.seconds)}, ${attempts(failure.attempt)}</span></summary>
<p class="muted">Task ${shorten(failure.task, 40)}</p>
${longer && allowance.block('Message', message)}${allowance.block('Traceback', traceback)}${allowance.block('Output (its end)', failure.output)}
</details>`;
}

function group({ error, count, examples }: FailureGroup, allowance: Allowance): Markup {
  const more = count - examples.length;
  return markup`<section class="error"><h3>${error.class}: ${shorten(error.type, 80)} <span class="muted">${formatCount(count)} ×</span></h3>
<p>${shorten(error.message, messageWidth)}</p>
${examples.map((failure) => example(failure, allowance))}
${more > 0 && markup`<p class="muted">and ${formatCount(more)} more alike</p>`}</section>\n`;
}

/** @param failed how many tasks of the repetition failed. */
export function errorsSection({ groups, read }: Failures, failed: number): Markup {
  const allowance = new Allowance();
  const hidden = groups.length - mostGroups;
  return markup`<section><h2>Errors</h2>
${failed === 0 && groups.length === 0 && markup`<p>No task failed.</p>`}
${failed > read && markup`<p>Grouped are the first ${formatCount(read)} of ${formatCount(failed)} failures; the table of errors among the results has all.</p>`}
${groups.slice(0, mostGroups).map((some) => group(some, allowance))}
${hidden > 0 && markup`<p class="muted">${formatCount(hidden)} more kinds of errors are in the table of errors among the results.</p>`}</section>`;
}
