import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MemoryStore } from '../../../../core/memory-store.ts';
import { layout } from '../../../../core/run-store/layout.ts';
import { outputFiles } from '../../../../core/run-store/records/output-files.ts';
import { readLine } from '../../../../core/run-store/records/part-line.ts';
import { readAll } from '../../../../core/store.ts';
import { OutputNames, safeName } from '../../../../functions/gather/output-names.ts';
import { OutputTable } from '../../../../functions/gather/output-table.ts';

describe('names', () => {
  test.each([
    ['fig 1 (W).png', 'fig 1 (W).png'],
    ['é', 'é'],
    ['..', '%2E%2E'],
    ['.', '%2E'],
    ['', '%'],
    ['a/b', 'a%2Fb'],
    ['a%2Fb', 'a%252Fb'],
    ['a\\b:c', 'a%5Cb%3Ac'],
    ['line\nfeed', 'line%0Afeed'],
    ['right\u202eleft', 'right%E2%80%AEleft'],
    ['no\udcffutf8', 'no%FFutf8'],
    ['end.', 'end%2E'],
    ['end ', 'end%20'],
    ['CON', '%43ON'],
    ['com1.txt', '%63om1.txt'],
    ['.hidden', '.hidden'],
  ])('%j is %j', (text, name) => expect(safeName(text)).toBe(name));

  test('long ones are cut, keep their extension, and differ', () => {
    const names = ['a', 'b'].map((end) => safeName(`${'x'.repeat(300)}${end}.png`));
    expect(names[0]).toMatch(/^x{120}~[0-9a-f]{16}\.png$/);
    expect(new Set(names).size).toBe(2);
  });

  test('different texts have different names, all of them good ones', () => {
    const text = fc.string({ unit: 'binary', maxLength: 30 });
    fc.assert(
      fc.property(text, text, (one, other) => {
        for (const name of [safeName(one), safeName(other)]) {
          expect(name).not.toMatch(/[/\\\p{Cc}]|^\.+$|^$/u);
          expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
        }
        expect(safeName(one) === safeName(other)).toBe(one === other);
      }),
    );
  });
});

describe('paths of a run', () => {
  const task = (file: string, column: string | null = null) => ({ file, column });

  test('are those of file, column and task', () => {
    const names = new OutputNames();
    expect(names.pathsOf(task('sub/a.csv', 'Power (kW/m2)'), ['fig.png', 'in/t.csv'])).toEqual([
      'files/sub/a.csv/Power (kW%2Fm2)/fig.png',
      'files/sub/a.csv/Power (kW%2Fm2)/in/t.csv',
    ]);
    expect(names.pathsOf(task('grid.glm'), ['fig.png'])).toEqual(['files/grid.glm/fig.png']);
    expect(names.pathsOf(task('../../etc', '..'), ['../../x'])).toEqual([
      'files/%2E%2E/%2E%2E/etc/%2E%2E/%2E%2E/%2E%2E/x',
    ]);
  });

  test('do not meet, also where capitals or a form of an accent alone tell them apart, or one is the folder of another', () => {
    const names = new OutputNames();
    const of = (file: string, column: string | null, ...files: string[]) =>
      names.pathsOf(task(file, column), files);
    const paths = [
      ...of('a.csv', 'Power', 'Fig.png', 'fig.png', 'FIG.PNG', 'é', 'e\u0301', 'x', 'X/y'),
      ...of('a.csv', 'power', 'Fig.png'),
      ...of('A.csv', 'Power', 'Fig.png'),
      ...of('dir', null, 'a.csv/Power/Fig.png'),
      ...of('dir/a.csv', 'Power', 'Fig.png'),
      ...of('a.csv/Power', null, 'Fig.png'),
      ...of('x'.repeat(900), 'y'.repeat(900), 'z'.repeat(900)),
      ...of(Array(400).fill('deep').join('/'), null, Array(400).fill('deep').join('/')),
    ];
    expectApart(paths);
    expect(paths[0]).toBe('files/a.csv/Power/Fig.png');
    expect(paths[1]).toMatch(/^files\/a\.csv\/Power\/fig~[0-9a-f]{8}\.png$/);
  });

  test('whatever they are called', () => {
    const name = fc.oneof(
      fc.constantFrom('a', 'A', 'b', '..', 'a/b', 'a/B', 'a/b/c', '~', '%', 'é', 'é'),
      fc.string({ unit: 'binary', maxLength: 4 }),
    );
    const tasks = fc.uniqueArray(
      fc.record({ file: name, column: fc.option(name), written: fc.uniqueArray(name, { maxLength: 5 }) }),
      {
        selector: ({ file, column }) => JSON.stringify([file, column]),
      },
    );
    fc.assert(
      fc.property(tasks, (given) => {
        const names = new OutputNames();
        expectApart(given.flatMap(({ written, ...one }) => names.pathsOf(one, written)));
      }),
    );
  });
});

/** No path is another one or its folder, on a system that does not tell `a` from `A`; none leads out. */
function expectApart(paths: string[]): void {
  const folded = paths.map((path) => path.normalize('NFD').toLowerCase());
  expect(new Set(folded).size).toBe(paths.length);
  for (const [place, path] of folded.entries()) {
    expect(path.startsWith('files/')).toBe(true);
    expect(path.split('/').every((step) => step !== '' && step !== '.' && step !== '..')).toBe(true);
    expect(folded.some((other, at) => at !== place && other.startsWith(`${path}/`))).toBe(false);
  }
}

const record = (files: unknown, result = '{}') =>
  `{"status":"succeeded","index":0,"task":"9f","attempt":1,"start":1,"end":2,"cpu":0,"memory":0,"result":${result}${files === undefined ? '' : `,"files":${JSON.stringify(files)}`}}`;

describe('records', () => {
  test.each([
    ['a folder above', { at: '..', list: [] }],
    ['a path', { at: 'a/b', list: [] }],
    ['no list', { at: 'a' }],
    ['a size that is none', { at: 'a', list: [['x', -1]] }],
    ['a file without its size', { at: 'a', list: [['x']] }],
    ['no object', 7],
  ])('with %s are damaged', (_, files) => {
    expect(readLine(Buffer.from(record(files))).kind).toBe('damaged');
  });

  test('name their files', async () => {
    using table = new OutputTable();
    const { kind } = readLine(Buffer.from(record({ at: 'local-1-0', list: [['x.png', 5]] })));
    expect(kind).toBe('succeeded');
    table.add(
      { id: '9f', file: '=a,"b".csv', column: null, size: 1 },
      record({
        at: 'local-1-0',
        list: [
          ['x.png', 5],
          ['y', 0],
        ],
      }),
    );
    // What a task returns is none of that.
    table.add(
      { id: '9e', file: 'c.csv', column: null, size: 1 },
      record(undefined, '{"files":{"at":"x","list":[["y",1]]}}'),
    );
    const store = new MemoryStore();
    await table.write(store);
    expect((await readAll(store, layout.result('files.csv'))).toString()).toBe(
      'file_name,column_name,task_id,path,bytes\n' +
        '"\'=a,""b"".csv",,9f,"files/=a,%22b%22.csv/x.png",5\n' +
        '"\'=a,""b"".csv",,9f,"files/=a,%22b%22.csv/y",0\n',
    );
    const files = [];
    for await (const file of outputFiles(store)) files.push(file);
    expect(files).toEqual([
      {
        key: 'outputs/local-1-0/0',
        path: 'files/=a,%22b%22.csv/x.png',
        bytes: 5,
        task: { id: '9f', file: '=a,"b".csv', column: null },
      },
      {
        key: 'outputs/local-1-0/1',
        path: 'files/=a,%22b%22.csv/y',
        bytes: 0,
        task: { id: '9f', file: '=a,"b".csv', column: null },
      },
    ]);
  });

  test('of runs that wrote nothing make no table', async () => {
    using table = new OutputTable();
    const store = new MemoryStore();
    await store.write(layout.result('files.csv'), 'of an earlier execution');
    await table.write(store);
    expect(await outputFiles(store).next()).toEqual({ done: true, value: undefined });
    await expect(readAll(store, layout.result('files.csv'))).rejects.toThrow();
  });
});
