import { expect, test } from '@jest/globals';
import { layout } from '../../../../core/run-store/layout.ts';
import type { TimelineEntry } from '../../../../core/run-store/status/summary.ts';
import { readAll, type Store } from '../../../../core/store.ts';
import { report } from '../../../../functions/report/report.ts';
import { gathered, nothingEnded, repetition, run, worker } from './runs.ts';
import { checkXml } from './xml.ts';

const fileNames = { performance: 'performance-sleep.txt', runtimeGanttChart: 'runtime-sleep.png' };
const timeline: TimelineEntry[] = [
  [0, 0, 0.8, 0, 0],
  [1, 0.1, 3.3, 0, 1],
  [0, 0.8, 4, 1, 2],
  [1, 3.4, 3.65, 0, 3],
];
const manifest = ['a', 'b', 'c', 'd'].map((name, i) => ({
  id: String(i).repeat(16),
  file: `${name}.csv`,
  column: 'Power',
  size: 1,
}));

const text = async (store: Store, name: string) => (await readAll(store, layout.result(name))).toString();
const svgs = (html: string) => Array.from(html.matchAll(/<svg.*?<\/svg>/gs), ([svg]) => svg);

/** Width and height of a PNG. */
async function dimensions(store: Store): Promise<[width: number, height: number]> {
  const png = await readAll(store, layout.result(fileNames.runtimeGanttChart));
  expect(png.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
  return [png.readUInt32BE(16), png.readUInt32BE(20)];
}

/** Tasks without end for `lanes` workers, one after the other. */
function* busy(tasks: number, lanes: number): Generator<TimelineEntry> {
  for (let i = 0; i < tasks; i++) {
    const start = Math.floor(i / lanes) * 1.1;
    yield [i % lanes, start, start + 0.2 + (i % 9) / 10, i % 50 === 0 ? 1 : 0, i];
  }
}

test('writes the table, the chart and the page', async () => {
  const store = await gathered(run([repetition()]), [timeline], { [layout.manifest]: manifest });
  const { files } = await report({ store })({ fileNames });
  expect(files).toEqual([
    'results/performance-sleep.txt',
    'results/runtime-sleep.png',
    'results/report.html',
  ]);
  expect(await text(store, fileNames.performance)).toContain('Total tasks');
  expect((await dimensions(store))[0]).toBe(2400);

  const html = await text(store, 'report.html');
  const [gantt, histogram] = svgs(html);
  expect(svgs(html)).toHaveLength(2);
  checkXml(histogram!);
  checkXml(gantt!);
  expect(gantt).toContain('>local-1<');
  expect(gantt).toContain('>local-2<');
  expect(gantt!.match(/<path class="busy" d="([^"]*)"/)![1]!.split('M').length - 1).toBe(3);
  expect(gantt!.match(/<path fill="url\(#gantt-failed\)"[^>]* d="([^"]*)"/)![1]!.split('M').length - 1).toBe(
    1,
  );
  expect(html).toMatch(/<th scope="row" class="name">b.csv, Power<\/th><td[^>]*>3.2 s/);
});

test('a run of which nothing ended, or that has no repetition, still has a report', async () => {
  for (const summary of [run([repetition(nothingEnded)]), run([])]) {
    const store = await gathered(summary, []);
    await report({ store })({ fileNames });
    await dimensions(store);
    const html = await text(store, 'report.html');
    checkXml(svgs(html)[0]!);
    expect(html.slice(0, html.indexOf('<script'))).not.toMatch(/NaN|Infinity|undefined/);
  }
});

test('repetitions are drawn below one another, and of more than four the last', async () => {
  const repetitions = (count: number) =>
    Array.from({ length: count }, (_, i) => repetition({ repetition: i + 1 }));
  const few = await gathered(run(repetitions(3)), [timeline, timeline, timeline]);
  await report({ store: few })({ fileNames });
  expect((await text(few, 'report.html')).match(/>Repetition \d: /g)).toHaveLength(3);
  const many = await gathered(run(repetitions(5)), [timeline, timeline, timeline, timeline, timeline]);
  await report({ store: many })({ fileNames });
  expect(await text(many, 'report.html')).toContain('(repetition 5 of 5)');
});

test('a gap of hours is drawn short and named', async () => {
  const later = timeline.map(
    ([lane, start, end, failed, index]): TimelineEntry => [lane, start + 7200, end + 7200, failed, index],
  );
  const store = await gathered(run([repetition()]), [[...timeline, ...later]]);
  await report({ store })({ fileNames });
  expect(svgs(await text(store, 'report.html'))[0]).toContain('2 h idle');
});

test('hostile text is shown, never run', async () => {
  const evil = `</script><script>alert(1)</script><img src=x onerror=alert(2)>"'&\u0000\u001b[31m\u202e\ud800`;
  const summary = run([repetition({ workers: [worker(evil, evil), worker(`${evil}2`, `${evil}2`)] })], {
    run: evil,
    project: evil,
  });
  const store = await gathered(summary, [timeline], {
    [layout.manifest]: manifest.map((task) => ({ ...task, file: evil, column: evil })),
    [layout.failures]: [
      {
        task: evil,
        file: evil,
        column: evil,
        attempt: 1,
        seconds: 1,
        error: { class: 'exception', type: evil, message: evil, traceback: evil },
        output: evil.repeat(20_000),
      },
    ],
    [layout.events]: [
      { at: 1, event: 'execution-started', execution: evil },
      { at: 2, event: 'state-entered', state: evil, type: evil },
      { at: 3, event: 'state-failed', state: evil, error: evil, cause: evil },
      { at: 4, event: 'execution-ended', outcome: 'failed', error: evil, cause: evil },
    ],
    [layout.request]: {
      config: {
        [evil]: evil,
        env: { PLAIN_NAME: 'hunter2', MOSEK_ID: 42042, IS_ON: true, PGPASS: 'two words' },
        pod: { env: [{ name: 'LICENCE_SERVER', value: 'hunter2' }], nodeSelector: { zone: 'a' } },
        nested: {
          my_secret: 'hunter2',
          url: 'https://me:hunter2@host/',
          names: ['Power', 'AKIAHUNTER2HUNTER2XX'],
        },
      },
    },
  });
  await report({ store })({ fileNames });
  const html = await text(store, 'report.html');
  expect(html.match(/<script/g)).toHaveLength(1);
  expect(html).not.toMatch(/<img/);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: none of these may be left.
  expect(html).not.toMatch(/[\0-\x08\x0b-\x1f\x7f\u202e\ud800-\udfff]/);
  expect(html).not.toMatch(/hunter2/i);
  expect(html).toContain('Power, (hidden)');
  // No value of env, whatever it is called.
  expect(html).toContain('env.PLAIN_NAME');
  expect(html).not.toMatch(/42042|two words|>true</);
  expect(html).toContain('default-src &#39;none&#39;');
  for (const svg of svgs(html)) checkXml(svg);
  await dimensions(store);
});

test('errors are grouped, and tell when there are more than were kept', async () => {
  const failure = (type: string, message: string) => ({
    ...manifest[0],
    task: '0',
    attempt: 1,
    seconds: 1,
    error: { class: 'exception', type, message, traceback: `Traceback of ${type}` },
    output: '',
  });
  const failures = [
    failure('KeyError', "'a'"),
    ...[1, 2, 3, 4, 5].map((line) => failure('ValueError', `bad value in line ${line}`)),
  ];
  const store = await gathered(run([repetition({ tasks: 100, failed: 97 })]), [timeline], {
    [layout.failures]: failures,
  });
  await report({ store })({ fileNames });
  const html = await text(store, 'report.html');
  expect(html.match(/<h3>exception: \w+ <span class="muted">\d+/g)).toEqual([
    '<h3>exception: ValueError <span class="muted">5',
    '<h3>exception: KeyError <span class="muted">1',
  ]);
  expect(html).toContain('the first 6 of 97 failures');
  expect(html).toContain('and 2 more alike');
  expect(html.match(/<pre>Traceback of ValueError/g)).toHaveLength(3);
});

test('the page and the chart are no larger for 100,000 tasks and 800 workers', async () => {
  const workers = Array.from({ length: 800 }, (_, i) => worker(`worker-${i}`, `node-${Math.floor(i / 8)}`));
  const tasks = 100_000;
  const summary = run([
    repetition({ tasks, succeeded: 98_000, failed: 2000, parallelSeconds: 140, workers }),
  ]);
  const store = await gathered(summary, [busy(tasks, 800)]);
  await report({ store })({ fileNames });
  const [width, height] = await dimensions(store);
  expect([width, height <= 2000]).toEqual([2400, true]);
  const html = await text(store, 'report.html');
  expect(html.length).toBeLessThan(1_000_000);
  expect(svgs(html)[0]!.match(/>8 workers</g)!.length).toBeGreaterThan(20);
});
