/** What is damaged costs the tasks that it is of, and nothing else. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MemoryStore } from '../../../../core/memory-store.ts';
import { layout } from '../../../../core/run-store/layout.ts';
import { readDone } from '../../../../core/run-store/records/parts.ts';
import type { RunSummary } from '../../../../core/run-store/status/summary.ts';
import { readAll } from '../../../../core/store.ts';
import { gather } from '../../../../functions/gather/gather.ts';
import { report } from '../../../../functions/report/report.ts';
import { rebuildResults } from '../../../../runs/results/rebuild-results.ts';
import { aRun, fileNames, idOf, record, request, worker } from './runs.ts';

async function gathered(store: MemoryStore) {
  const counts = await gather({ store, project: new MemoryStore(), now: () => 99 })(request);
  const text = async (key: string) => (await readAll(store, key)).toString();
  return {
    counts,
    summary: JSON.parse(await text(layout.summary)) as RunSummary,
    results: await text(layout.result('results.csv')),
    performance: async () => {
      await report({ store })({ fileNames });
      return text(layout.result('performance.txt'));
    },
  };
}

const good = (index: number) => record({ index, failed: false, at: 5 });

test('a damaged line is counted and named; its task is unfinished, and every other one has its row', async () => {
  const store = await aRun(4, [good(0) + good(1).replace('"attempt"', '"attemqt"') + good(2), 'what?\n']);
  const { counts, summary, results, performance } = await gathered(store);
  expect(counts).toEqual({ succeeded: 2, failed: 0, unfinished: 2 });
  expect(results).toBe('n,s\n0,x\n2,x\n');
  expect(summary.damaged).toEqual({
    lines: 2,
    first: ['parts/1/p-000000.jsonl:3', 'parts/1/p-000001.jsonl:2'],
    missingTasks: 0,
  });
  expect(await performance()).toContain(
    [
      'Damaged: 2 lines of the parts are no records of a task:',
      '  parts/1/p-000000.jsonl:3',
      '  parts/1/p-000001.jsonl:2',
      '  Tasks without another record are unfinished: gcd-sfn resume r',
    ].join('\n'),
  );
  const done = await readDone(store, 1);
  expect([0, 1, 2].map((index) => done.has(index, idOf(index)))).toEqual([true, false, true]);
});

test('a record that says another index is of no task', async () => {
  const store = await aRun(4, [good(0).replace('"index":0', '"index":1') + good(1)]);
  const { counts, results, summary } = await gathered(store);
  expect(counts.succeeded).toBe(1);
  expect(results).toBe('n,s\n1,x\n');
  expect(summary.damaged?.lines).toBe(1);
  const done = await readDone(store, 1);
  expect([0, 1].map((index) => done.has(index, idOf(index)))).toEqual([false, true]);
});

test('records after a damaged line about their worker are of nobody known', async () => {
  const torn = worker('w').replace('"pid":7', '"pid":x');
  const { summary } = await gathered(await aRun(2, [good(0) + torn + good(1)]));
  expect(summary.repetitions[0]?.workers.map((one) => [one.worker, one.tasks])).toEqual([
    ['unknown', 1],
    ['w-0', 1],
  ]);
});

test('a manifest that was cut is told', async () => {
  const store = await aRun(10, [Array.from({ length: 10 }, (_, index) => good(index)).join('')]);
  const manifest = (await readAll(store, layout.manifest)).toString().split('\n');
  await store.write(layout.manifest, `${manifest.slice(0, 3).join('\n')}\n{"id":"0`);
  const { summary, results, performance } = await gathered(store);
  expect(summary.damaged).toEqual({ lines: 0, first: [], missingTasks: 7 });
  expect(results.trimEnd().split('\n')).toHaveLength(4);
  expect(await performance()).toContain('manifest.jsonl lacks 7 of the tasks that were planned');
});

test('whatever bytes of parts change, results are made, and what has none counts as not done', async () => {
  const tasks = 6;
  const parts = [
    good(0) + record({ index: 1, failed: true, at: 3 }) + good(2),
    `{"event":"attempt","index":3,"task":"${idOf(3)}","attempt":1,"class":"crash","message":""}\n${good(3)}`,
    good(4) + good(5),
  ];
  const flip = fc.record({
    key: fc.constantFrom('parts/1/p-000000.jsonl', 'parts/1/p-000001.jsonl', 'parts/1/p-000002.jsonl'),
    at: fc.nat(2000),
    to: fc.oneof(fc.nat(255), fc.constantFrom(...Buffer.from('"{}[]:,\\ \n019.e-'))),
  });
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(flip, { minLength: 1, maxLength: 4 }), async (flips) => {
      const store = await aRun(tasks, parts);
      for (const { key, at, to } of flips) {
        const bytes = await readAll(store, key);
        bytes[at % bytes.length] = to;
        await store.write(key, bytes);
      }
      // With the report, which takes its time, one in ten.
      if (runs++ % 10 === 0) expect(await rebuildResults(store, request, true)).toBe(true);
      else await gather({ store, project: new MemoryStore(), now: () => 99 })(request);
      const summary: RunSummary = JSON.parse((await readAll(store, layout.summary)).toString());
      const [first] = summary.repetitions;
      const rows = (await readAll(store, layout.result('logs.csv'))).toString();
      const done = await readDone(store, 1);
      for (let index = 0; index < tasks; index++) {
        const row = rows.split('\n').find((line) => line.includes(idOf(index)));
        expect([index, done.has(index, idOf(index))]).toEqual([index, !row?.includes('unfinished')]);
      }
      expect((first?.succeeded ?? 0) + (first?.failed ?? 0) + (first?.unfinished ?? 0)).toBe(tasks);
    }),
    { numRuns: 150 },
  );
}, 120_000);
