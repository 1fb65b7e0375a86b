import { expect, test } from '@jest/globals';
import { MemoryStore } from '../../../../core/memory-store.ts';
import { layout } from '../../../../core/run-store/layout.ts';
import type { RunSummary } from '../../../../core/run-store/status/summary.ts';
import { readAll } from '../../../../core/store.ts';
import { gather } from '../../../../functions/gather/gather.ts';
import { report } from '../../../../functions/report/report.ts';
import { aRun, fileNames, record, request } from './runs.ts';

const withTexts = (index: number, texts: unknown, result = '{"freq":"<Minute>"}') =>
  record({ index, failed: false, at: index }).replace(
    /"result":\{[^}]*\}/,
    `"result":${result},"texts":${JSON.stringify(texts)}`,
  );

async function gathered(parts: string[], repetitions = 1) {
  const store = await aRun(parts.length, [parts.join('')], repetitions);
  await gather({ store, project: new MemoryStore(), now: () => 200 })({ ...request, repetitions });
  await report({ store })({ fileNames });
  const text = async (key: string) => (await readAll(store, key)).toString();
  return {
    texts: (JSON.parse(await text(layout.summary)) as RunSummary).texts,
    performance: await text(layout.result('performance.txt')),
    results: await text(layout.result('results.csv')),
  };
}

test('values that stand as their text are counted by tasks, and the first of each kind are told', async () => {
  const { texts, performance, results } = await gathered([
    withTexts(0, { freq: 'pandas.Minute', tz: 'datetime.timezone' }),
    withTexts(1, { freq: 'pandas.Minute' }),
    withTexts(2, { freq: 'pandas.Hour', x: 'a', y: 'b' }),
    record({ index: 3, failed: false, at: 3 }),
  ]);
  expect(texts).toEqual({
    tasks: 3,
    first: [
      { file: 'f.csv', column: 'c0', key: 'freq', type: 'pandas.Minute' },
      { file: 'f.csv', column: 'c0', key: 'tz', type: 'datetime.timezone' },
      { file: 'f.csv', column: 'c2', key: 'freq', type: 'pandas.Hour' },
    ],
  });
  expect(performance).toContain(
    '\n\nAs text: 3 tasks have values without a form in a table, such as\n' +
      '  freq (pandas.Minute) of f.csv, c0\n  tz (datetime.timezone) of f.csv, c0\n  freq (pandas.Hour) of f.csv, c2\n',
  );
  expect(results).toContain('<Minute>');
});

test('a run without any says nothing, whatever its results hold', async () => {
  const odd = record({ index: 0, failed: false, at: 0 }).replace('"x"', '{"texts":{"a":"b"}}');
  const { texts, performance } = await gathered([odd, withTexts(1, 5), withTexts(2, { a: 5 })]);
  expect(texts).toEqual({ tasks: 1, first: [] });
  expect(performance).toContain('As text: 1 task has values without a form in a table\n');
  expect((await gathered([odd])).performance).not.toContain('As text');
});
