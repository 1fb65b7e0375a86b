import { describe, expect, test } from '@jest/globals';
import { MemoryStore } from '../../../../core/memory-store.ts';
import { layout } from '../../../../core/run-store/layout.ts';
import { readLine } from '../../../../core/run-store/records/part-line.ts';
import { readDone } from '../../../../core/run-store/records/parts.ts';
import type { RunRequest } from '../../../../core/run-store/request/request.ts';
import { readAll } from '../../../../core/store.ts';
import { gather } from '../../../../functions/gather/gather.ts';
import { idOf, request, worker } from './runs.ts';

const done = (index: number, result: unknown, at = 1) =>
  `{"status":"succeeded","index":${index},"task":"${idOf(index)}","attempt":1,"start":${at}.000000,` +
  `"end":${at + 1}.000000,"cpu":0.1,"memory":1000,"result":${JSON.stringify(result)}}\n`;

/** results.csv of a run of a.csv, b.csv, …, by what its tasks returned; undefined: one that did not end. */
async function resultsOf(
  results: unknown[],
  { config = { identityColumns: true } as object, files = 'abcdef'.split(''), repetitions = 1 } = {},
): Promise<string> {
  const store = new MemoryStore();
  const manifest = results.map((_, index) =>
    JSON.stringify({
      id: idOf(index),
      file: `${files[index]}.csv`,
      column: index % 2 ? 'P,x' : null,
      size: 1,
    }),
  );
  await store.write(layout.manifest, manifest.map((line) => `${line}\n`).join(''));
  await store.write(layout.plan, JSON.stringify({ tasks: results.length }));
  for (let repetition = 1; repetition <= repetitions; repetition++) {
    const lines = results.map((result, index) =>
      result === undefined ? '' : done(index, repetition === 1 ? result : [{ late: 1 }, {}]),
    );
    await store.write(layout.part(repetition, 'p'), worker('w') + lines.reverse().join(''));
  }
  const asked = { ...request, repetitions, config: { ...request.config, ...config } } as RunRequest;
  await gather({ store, project: new MemoryStore(), now: () => 200 })(asked);
  return (await readAll(store, layout.result('results.csv'))).toString();
}

describe('results.csv says whose row a row is', () => {
  test('first, as logs.csv does', async () => {
    expect(await resultsOf([{ x: 1 }, { y: 'two' }, undefined, {}])).toBe(
      'file_name,column_name,task_id,x,y\n' +
        `a.csv,,${idOf(0)},1,\n` +
        `b.csv,"P,x",${idOf(1)},,two\n` +
        `d.csv,"P,x",${idOf(3)},,\n`,
    );
  });

  test('a name that is a formula, or moves a cursor, is as in logs.csv', async () => {
    expect(await resultsOf([{ x: 1 }], { files: ['=1+1\u001b'] })).toContain("\n'=1+1\\x1b.csv,,");
  });

  test('when no task succeeded, there are the names of the columns', async () => {
    expect(await resultsOf([undefined])).toBe('file_name,column_name,task_id\n');
  });

  test('what any task has of its own keeps its place, in all rows', async () => {
    expect(await resultsOf([{ x: 1 }, { y: 2, file_name: 'mine' }, { task_id: 7 }])).toBe(
      'column_name,x,y,file_name,task_id\n,1,,,\n"P,x",,2,mine,\n,,,,7\n',
    );
  });

  test('a task of the predecessor sees its own columns, in their order', async () => {
    const own = { file_name: 'f', column_name: 'c', task_id: 't', row: 'r' };
    expect(await resultsOf([own, own])).toBe('file_name,column_name,task_id,row\nf,c,t,r\nf,c,t,r\n');
  });

  test.each([{ identityColumns: false }, {}])('with %j there are none', async (config) => {
    expect(await resultsOf([{ x: 1 }, [{ x: 2 }, { x: 3 }]], { config })).toBe('x\n1\n2\n3\n');
  });
});

describe('several rows of a task', () => {
  test('are numbered', async () => {
    expect(await resultsOf([[{ a: 1 }, { b: 'x,"y"' }], { a: 3 }, [{ a: 4 }]])).toBe(
      'file_name,column_name,task_id,row,a,b\n' +
        `a.csv,,${idOf(0)},0,1,\n` +
        `a.csv,,${idOf(0)},1,,"x,""y"""\n` +
        `b.csv,"P,x",${idOf(1)},0,3,\n` +
        `c.csv,,${idOf(2)},0,4,\n`,
    );
  });

  test('also where each has one, or none', async () => {
    expect(await resultsOf([[{ a: 1 }], []])).toBe(
      `file_name,column_name,task_id,row,a\na.csv,,${idOf(0)},0,1\n`,
    );
    expect(await resultsOf([[], []])).toBe('file_name,column_name,task_id,row\n');
  });

  test('a key of that name is the task’s own', async () => {
    expect(await resultsOf([[{ row: 'x' }, { a: 1 }]])).toBe(
      `file_name,column_name,task_id,row,a\na.csv,,${idOf(0)},x,\na.csv,,${idOf(0)},,1\n`,
    );
  });

  test('a list as a value is one cell', async () => {
    expect(await resultsOf([{ a: [{ b: 1 }, { b: 2 }] }])).toContain(`${idOf(0)},"[{""b"":1},{""b"":2}]"\n`);
  });

  test('of later repetitions change nothing', async () => {
    const one = await resultsOf([{ x: 1 }]);
    expect(await resultsOf([{ x: 1 }], { repetitions: 2 })).toBe(one);
  });

  test('a record of a task that ended twice counts once, the first', async () => {
    const store = new MemoryStore();
    const line = JSON.stringify({ id: idOf(0), file: 'a.csv', column: null, size: 1 });
    await store.write(layout.manifest, `${line}\n`);
    await store.write(layout.plan, JSON.stringify({ tasks: 1 }));
    await store.write(layout.part(1, 'a'), worker('w') + done(0, { x: 1 }));
    await store.write(layout.part(1, 'b'), worker('w') + done(0, [{ file_name: 1 }], 5));
    const asked = { ...request, config: { ...request.config, identityColumns: true } } as RunRequest;
    await gather({ store, project: new MemoryStore(), now: () => 200 })(asked);
    expect((await readAll(store, layout.result('results.csv'))).toString()).toBe(
      `file_name,column_name,task_id,x\na.csv,,${idOf(0)},1\n`,
    );
  });

  test('a list in which something is no row is no record, and its task is not done', async () => {
    for (const result of [[1], [{}, null], [[{}]], 'x']) {
      expect(readLine(Buffer.from(done(0, result).trimEnd())).kind).toBe('damaged');
    }
    const store = new MemoryStore();
    await store.write(layout.part(1, 'a'), worker('w') + done(0, [{ a: 1 }, { a: 2 }]) + done(1, []));
    const told = await readDone(store, 1);
    expect([told.has(0, idOf(0)), told.has(1, idOf(1)), told.succeeded]).toEqual([true, true, 2]);
  });
});
