/** report.html: one file that needs no network and no script. */
import { createHash } from 'node:crypto';
import type { RunSummary } from '../../../core/run-store/status/summary.ts';
import type { Setting } from '../data/configuration.ts';
import type { Distribution } from '../data/distribution.ts';
import type { Failures } from '../data/failures.ts';
import type { Outputs } from '../data/outputs.ts';
import type { Execution } from '../data/path.ts';
import type { SlowTask } from '../data/slowest.ts';
import { Markup, markup } from '../text/markup.ts';
import { shorten } from '../text/printable.ts';
import { errorsSection } from './errors.ts';
import { outputsSection } from './outputs.ts';
import { pathSection } from './path.ts';
import { pageScript } from './script.ts';
import { pageStyle } from './style.ts';
import { summarySection } from './summary.ts';
import { table } from './table.ts';
import { durationsSection, slowestSection, workersSection } from './tasks.ts';

export interface PageContent {
  run: RunSummary;
  chart: Markup;
  distribution: Distribution | undefined;
  slowest: SlowTask[];
  failures: Failures;
  outputs: Outputs;
  executions: Execution[];
  settings: Setting[];
}

/** Nothing is loaded; the one script is known by its hash, so no text of a task can ever run. */
const policy = () => {
  const hash = createHash('sha256').update(pageScript).digest('base64');
  return `default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
};

function configurationSection(settings: Setting[]): Markup {
  const rows = settings.map(({ key, value }) => [
    { content: shorten(key, 120) },
    { content: shorten(value, 500), kind: 'name' as const },
  ]);
  return markup`<section><h2>Configuration used</h2>
${rows.length === 0 ? markup`<p>None was recorded.</p>` : table([{ label: 'Key' }, { label: 'Value' }], rows, false)}</section>`;
}

export function page(content: PageContent): string {
  const { run } = content;
  const last = run.repetitions.at(-1);
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy()}">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${shorten(`${run.run}: ${run.project}`, 120)}</title>
<style>${new Markup(pageStyle())}</style>
</head>
<body>
<main>
${summarySection(run, last)}
<section><h2>Timeline of the workers</h2><div class="scroll">${content.chart}</div></section>
${errorsSection(content.failures, last?.failed ?? 0)}
${outputsSection(run, content.outputs)}
${durationsSection(content.distribution)}
${slowestSection(content.slowest, last?.workers ?? [])}
${last && workersSection(last)}
${pathSection(content.executions)}
${configurationSection(content.settings)}
</main>
<script>${new Markup(pageScript)}</script>
</body>
</html>
`.text;
}
