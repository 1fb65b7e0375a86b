import { expect, test } from '@jest/globals';
import { layout } from '../../../../core/run-store/layout.ts';
import type { OutputFile } from '../../../../core/run-store/records/output-files.ts';
import { readAll } from '../../../../core/store.ts';
import { report } from '../../../../functions/report/report.ts';
import { gathered, repetition, run } from './runs.ts';

const fileNames = { performance: 'performance.txt', runtimeGanttChart: 'runtime.png' };
const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';
const kib = 1024;

async function pageOf(files: Record<string, string | Buffer>, lost: string[] = []) {
  const list = Object.entries(files).map(([name, content], place): OutputFile => {
    const task = { id: '9f', file: 'a<b>.csv', column: 'Power' };
    return { key: `outputs/w-0/${place}`, path: `files/a.csv/Power/${name}`, bytes: content.length, task };
  });
  const bytes = list.reduce((sum, file) => sum + file.bytes, 0);
  const outputs = list.length > 0 ? { outputs: { files: list.length, bytes } } : {};
  const store = await gathered(run([repetition()], outputs), [[[0, 0, 1, 0, 0]]], { [layout.files]: list });
  for (const [place, [name, content]] of Object.entries(files).entries())
    if (!lost.includes(name)) await store.write(`outputs/w-0/${place}`, content);
  await report({ store })({ fileNames });
  const html = (await readAll(store, layout.result('report.html'))).toString();
  return { html, table: (await readAll(store, layout.result('performance.txt'))).toString() };
}

test('small pictures are in the page, others are links beside it', async () => {
  const { html, table } = await pageOf(
    {
      'fig.svg': svg,
      'plot.PNG': 'png',
      'large.png': Buffer.alloc(257 * kib),
      'gone.png': 'gone',
      'table #1.csv': 'x',
    },
    ['gone.png'],
  );
  expect(html).toContain(`<img src="data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}"`);
  expect(html).toContain('<img src="data:image/png;base64,cG5n"');
  expect(html.match(/<img /g)).toHaveLength(2);
  expect(html).not.toContain('<script>alert');
  expect(html).toContain('a&lt;b&gt;.csv, Power: fig.svg');
  for (const name of ['fig.svg', 'large.png', 'gone.png', 'table%20%231.csv'])
    expect(html).toContain(`<a href="files/a.csv/Power/${name}"`);
  expect(html).toContain('5 files, 257 KiB');
  expect(html).toContain(
    'default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;; img-src data:; script-src &#39;sha256-',
  );
  expect(table).toMatch(/^Files of tasks, in results\/files +5$/m);
});

test('the page has so many pictures and so many links, and counts the rest', async () => {
  const many = Object.fromEntries(
    Array.from({ length: 300 }, (_, n) => [`${n}.png`, Buffer.alloc(100 * kib)]),
  );
  const { html } = await pageOf(many);
  // 3 MiB in sum, of 100 KiB each.
  expect(html.match(/<img /g)).toHaveLength(30);
  expect(html.match(/<a href="files\//g)).toHaveLength(30 + 200);
  expect(html).toContain('and 70 more');
  const small = Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`${n}.png`, 'x']));
  expect((await pageOf(small)).html.match(/<img /g)).toHaveLength(48);
});

test('without any, there is no section, and no line', async () => {
  const { html, table } = await pageOf({});
  expect(html).not.toContain('Files of the tasks');
  expect(table).not.toContain('Files of tasks');
});
