/** The section with the files of the tasks. Links lead to `files/`, beside the page. */

import { formatBytes, formatCount, plural } from '../../../core/format/numbers.ts';
import { taskName } from '../../../core/run-store/plan/manifest.ts';
import type { OutputFile } from '../../../core/run-store/records/output-files.ts';
import { filesTable } from '../../../core/run-store/result-names.ts';
import type { RunSummary } from '../../../core/run-store/status/summary.ts';
import type { Outputs } from '../data/outputs.ts';
import { type Markup, markup } from '../text/markup.ts';
import { shorten } from '../text/printable.ts';
import { type Cell, table } from './table.ts';

/** As an address that is relative to the page; a lone surrogate, which no path of ours has, would not be one. */
const addressOf = (path: string) => path.toWellFormed().split('/').map(encodeURIComponent).join('/');

const nameOf = ({ path }: OutputFile) => path.slice(path.lastIndexOf('/') + 1);

export function outputsSection(
  { outputs: counted }: RunSummary,
  { pictures, listed, more }: Outputs,
): Markup | undefined {
  if (!counted) return undefined;
  const figures = pictures.map(({ file, address }) => {
    const text = `${shorten(taskName(file.task), 80)}: ${shorten(nameOf(file), 60)}`;
    return markup`<figure><a href="${addressOf(file.path)}"><img src="${address}" alt="${text}" loading="lazy"></a><figcaption>${text}</figcaption></figure>`;
  });
  const rows = listed.map((file): Cell[] => [
    { content: shorten(taskName(file.task), 120), kind: 'name' },
    { content: markup`<a href="${addressOf(file.path)}">${shorten(nameOf(file), 120)}</a>`, kind: 'name' },
    { content: formatBytes(file.bytes), value: file.bytes, kind: 'number' },
  ]);
  const head = [{ label: 'Task' }, { label: 'File' }, { label: 'Size', number: true }];
  const { files, bytes } = counted;
  return markup`<section><h2>Files of the tasks</h2>
<p>${plural(files, 'file')}, ${formatBytes(bytes)}, in the folder files beside this page; all of them in ${filesTable}.</p>
${figures.length > 0 && markup`<div class="pictures">${figures}</div>`}
${rows.length > 0 && table(head, rows)}${more > 0 && markup`<p class="muted">and ${formatCount(more)} more</p>`}</section>`;
}
