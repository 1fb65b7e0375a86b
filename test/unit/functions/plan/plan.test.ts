import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import type { Config, DataBucket } from '../../../../core/config/config.ts';
import { AccessDenied, NothingToDo } from '../../../../core/errors/errors.ts';
import { MemoryStore } from '../../../../core/memory-store.ts';
import { layout } from '../../../../core/run-store/layout.ts';
import { Durations, DurationsBuilder, durationsKey } from '../../../../core/run-store/plan/durations.ts';
import type { SkippedFile } from '../../../../core/run-store/plan/plan.ts';
import type { Batch, BatchTables, BatchTask, Task } from '../../../../core/run-store/records/records.ts';
import type { Selection } from '../../../../core/run-store/request/request.ts';
import { readAll } from '../../../../core/store.ts';
import { planTasks } from '../../../../functions/plan/plan.ts';
import { taskId } from '../../../../functions/plan/tasks/manifest.ts';

const files: Record<string, string> = {
  'b.csv': 'Time,Power(W)\n1,2\n',
  'a b [1] 100%.csv': 'Time,Power(W),Power_2(W)\n',
  'c.csv': 'Time,Temperature\n',
  'd/e.csv': `Power\n${'1\n'.repeat(100)}`,
  'feeder.glm': 'module',
  'empty.csv': '',
};

async function planned(
  selection: Selection,
  pattern = '*',
  columnKeywords: string[] | null = ['Power'],
  history?: Durations,
  dataBucket: DataBucket = { kind: 'folder', path: '/data' },
) {
  const data = new MemoryStore();
  const project = new MemoryStore();
  for (const [key, body] of Object.entries(files)) await data.write(key, body);
  const store = new MemoryStore();
  if (history) await project.write(durationsKey, history.mergedWith(new Durations()));
  const config = { dataBucket, filePattern: pattern, columnKeywords } as Config;
  const request = { config, selection, workers: 2, target: { kind: 'local' as const } };
  const plan = await planTasks({ data, store, project })(request);
  const lines = async <Line>(key: string): Promise<Line[]> =>
    (await readAll(store, key))
      .toString()
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line));
  return {
    plan,
    store,
    data,
    project,
    request,
    manifest: await lines<Task>(layout.manifest),
    batches: await lines<Batch>(layout.batches),
    skipped: plan.skipped.count > 0 ? await lines<SkippedFile>(layout.skipped) : [],
  };
}

const all: Selection = { kind: 'first', count: 0 };

test('when not one file may be read, that is what is said, and what to do about it', async () => {
  class Sealed extends MemoryStore {
    // biome-ignore lint/correctness/useYield: it refuses before
    override async *read(key: string): AsyncGenerator<Uint8Array> {
      throw new AccessDenied(`not allowed: s3:GetObject on ${key}`, { hint: 'Allow kms:Decrypt.' });
    }
  }
  const data = new Sealed();
  const [store, project] = [new MemoryStore(), new MemoryStore()];
  await data.write('a.csv', 'Power\n');
  const config = {
    dataBucket: { kind: 's3', bucket: 'b', prefix: '' },
    filePattern: '*',
    columnKeywords: null,
  };
  const planning = planTasks({ data, store, project })({
    ...{
      config: config as unknown as Config,
      selection: all,
      workers: 1,
      target: { kind: 'local' } as const,
    },
  });
  await expect(planning).rejects.toThrow(AccessDenied);
  await expect(planning).rejects.toMatchObject({ hint: 'Allow kms:Decrypt.' });
});

describe('planTasks', () => {
  test('the manifest is in order of file and column, and names what was left out', async () => {
    const { plan, manifest, skipped } = await planned(all);
    expect(manifest.map(({ file, column }) => [file, column])).toEqual([
      ['a b [1] 100%.csv', 'Power(W)'],
      ['a b [1] 100%.csv', 'Power_2(W)'],
      ['b.csv', 'Power(W)'],
      ['d/e.csv', 'Power'],
      ['feeder.glm', null],
    ]);
    expect(plan).toMatchObject({ files: 6, tasks: 5 });
    expect(plan.skipped).toEqual({
      count: 2,
      first: [
        { file: 'c.csv', why: 'none of its 2 columns matches: Time, Temperature' },
        { file: 'empty.csv', why: 'it is empty' },
      ],
    });
    expect(skipped).toEqual(plan.skipped.first);
  });

  test('ids depend on file and column alone', async () => {
    const one = (await planned(all)).manifest.map(({ id }) => id);
    const two = (await planned({ kind: 'keys', keys: ['feeder.glm', 'b.csv'], from: '-f' })).manifest.map(
      ({ id }) => id,
    );
    expect(two).toEqual([one[2], one[4]]);
    expect(new Set(one).size).toBe(5);
    // A change of this id would make every stored history worthless.
    expect(one[2]).toBe('c04712d6f4161b3e');
  });

  test('each batch is found at its place, and all tasks are in one', async () => {
    const { store, batches, manifest } = await planned(all);
    const seen: BatchTask[] = [];
    for (const { offset, bytes, tasks } of batches) {
      const line = await readAll(store, layout.batchTasks, { start: offset, end: offset + bytes });
      const found: BatchTask[] = JSON.parse(line.toString());
      expect(found).toHaveLength(tasks);
      seen.push(...found);
    }
    expect(seen.sort(([a], [b]) => a - b)).toEqual(
      manifest.map(({ id, file, column }, index) => [index, id, file, column]),
    );
    // The largest file comes first.
    expect(
      JSON.parse(
        (await readAll(store, layout.batchTasks, { start: 0, end: batches[0]?.bytes ?? 0 })).toString(),
      )[0][2],
    ).toBe('d/e.csv');
  });

  test('behind the tasks of a batch is how pandas reads their files, once for all that are read alike', async () => {
    const data = new MemoryStore();
    const rows = '2020-01-01,1\n2020-01-02,2\n2020-01-03,3\n';
    await data.write('a.csv', `Time,Power\n${rows}`);
    await data.write('b.csv', `Time,Power\n${rows}`);
    await data.write('c.csv', `Someplace\nTime;Power\n${rows.replaceAll(',', ';')}`);
    await data.write('d.glm', 'x');
    await data.write('e.csv.gz', gzipSync(`Time,Power\n${rows}`));
    const store = new MemoryStore();
    const dataBucket: DataBucket = { kind: 's3', bucket: 'b', prefix: 'p/' };
    const config = { dataBucket, filePattern: '*', columnKeywords: null } as Config;
    const ports = { data, store, project: new MemoryStore() };
    await planTasks(ports)({ config, selection: all, workers: 1, target: { kind: 'local' } });
    const batches: Batch[] = (await readAll(store, layout.batches))
      .toString()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const read = new Map<string, unknown>();
    for (const { offset, bytes, tables } of batches) {
      const end = offset + bytes + 1 + (tables ?? -1);
      const lines = (await readAll(store, layout.batchTasks, { start: offset, end })).toString().split('\n');
      const tasks: BatchTask[] = JSON.parse(lines[0] as string);
      const told: BatchTables | undefined = lines[1] === undefined ? undefined : JSON.parse(lines[1]);
      for (const [, , file] of tasks) read.set(file, told ? told.all[told.of[file] ?? 0] : null);
    }
    expect(Object.fromEntries(read)).toEqual({
      'p/a.csv': {},
      'p/b.csv': {},
      'p/c.csv': { sep: ';', skiprows: 1 },
      'p/d.glm': null,
      'p/e.csv.gz': { compression: 'gzip' },
    });
  });

  test('workers ask for files by their keys in the bucket, all else names them without the prefix', async () => {
    const dataBucket: DataBucket = { kind: 's3', bucket: 'b', prefix: 'some/prefix/' };
    const here = await planned(all);
    const there = await planned(all, '*', ['Power'], undefined, dataBucket);
    expect(there.manifest).toEqual(here.manifest);
    const filesIn = async ({ store }: typeof here) =>
      (await readAll(store, layout.batchTasks))
        .toString()
        .trimEnd()
        .split('\n')
        .filter((line) => line.startsWith('['))
        .flatMap((line) => (JSON.parse(line) as BatchTask[]).map(([, , file]) => file));
    expect(await filesIn(there)).toEqual((await filesIn(here)).map((file) => `some/prefix/${file}`));
  });

  test('-n N takes the first N that match', async () => {
    expect((await planned({ kind: 'first', count: 2 }, '*.csv')).plan.files).toBe(2);
    expect((await planned({ kind: 'first', count: 0 }, 'd/*')).manifest.map(({ file }) => file)).toEqual([
      'd/e.csv',
    ]);
  });

  test('a second call finds the plan of the first', async () => {
    const { plan, store, data, project, request } = await planned(all);
    await data.write('new.csv', 'Power\n');
    expect(await planTasks({ data, store, project })(request)).toEqual(plan);
  });

  test('no match shows pattern and what is there', async () => {
    const failing = planned(all, '*.parquet');
    await expect(failing).rejects.toThrow("no file in memory: matches file_pattern '*.parquet'");
    await expect(failing).rejects.toMatchObject({
      hint: 'what is there: a b [1] 100%.csv, b.csv, c.csv, d/e.csv, empty.csv, …',
    });
  });

  test('a named file that is missing is named', async () => {
    const failing = planned({ kind: 'keys', keys: ['b.csv', 'gone.csv'], from: '--file' });
    await expect(failing).rejects.toThrow('a file named by --file is not in memory:: gone.csv');
    await expect(failing).rejects.toBeInstanceOf(NothingToDo);
  });

  test('no matching column is an error that shows the columns', async () => {
    const failing = planned(all, 'c.csv');
    await expect(failing).rejects.toThrow('no column to process');
    await expect(failing).rejects.toMatchObject({ hint: expect.stringContaining('Time, Temperature') });
  });

  test('without keywords every column is a task', async () => {
    expect((await planned(all, 'c.csv', null)).manifest.map(({ column }) => column)).toEqual([
      'Time',
      'Temperature',
    ]);
  });

  test('the durations of earlier runs decide what comes first, not sizes', async () => {
    const builder = new DurationsBuilder(2);
    builder.add(taskId('feeder.glm', null), 90);
    builder.add(taskId('d/e.csv', 'Power'), 1);
    const { store, batches } = await planned(all, '*', ['Power'], builder.sorted());
    const line = await readAll(store, layout.batchTasks, { start: 0, end: batches[0]?.bytes ?? 0 });
    expect(JSON.parse(line.toString())[0][2]).toBe('feeder.glm');
  });
});

describe('files', () => {
  const planOf = async (keys: string[], selection: Selection, filePattern: string | string[] = '*') => {
    const data = new MemoryStore();
    for (const key of keys) await data.write(key, 'Power\n1\n');
    const config = { dataBucket: { kind: 'folder', path: '/data' }, filePattern, columnKeywords: null };
    const store = new MemoryStore();
    const plan = await planTasks({ data, store, project: new MemoryStore() })({
      config: config as unknown as Config,
      selection,
      workers: 1,
      target: { kind: 'local' },
    });
    const manifest = (await readAll(store, layout.manifest)).toString().trimEnd().split('\n');
    return { plan, keys: manifest.map((line) => (JSON.parse(line) as Task).file) };
  };
  const left = [
    '.DS_Store',
    '._a.csv',
    '.git/config',
    'a.csv',
    'b/.x/c.csv',
    'b/Thumbs.db',
    '__MACOSX/a.csv',
    '~$a.csv',
  ];

  test('hidden and system files are passed over, and counted', async () => {
    const { plan, keys } = await planOf([...left, 'lost+found/x.csv', 'z..csv'], all);
    expect(keys).toEqual(['a.csv', 'z..csv']);
    expect(plan.hidden).toEqual({ count: 8, first: ['.DS_Store', '._a.csv', '.git/config'] });
    expect(plan.files).toBe(2);
  });

  test('they are taken when the pattern or the user names them', async () => {
    expect((await planOf(left, all, '.git/*')).keys).toEqual(['.git/config']);
    expect((await planOf(left, all, 'b/.x/*.csv')).keys).toEqual(['b/.x/c.csv']);
    expect((await planOf(left, { kind: 'keys', keys: ['._a.csv'], from: '-f' })).keys).toEqual(['._a.csv']);
    await expect(planOf(left, all, '*DS_Store')).rejects.toThrow(
      "matches file_pattern '*DS_Store', but a hidden one: .DS_Store",
    );
  });

  const some = ['B.CSV', 'a.csv', 'c.txt', 'old/2020/e.csv', 'old/d.csv'];

  test('those that match but for capital and small letters are counted', async () => {
    const { plan, keys } = await planOf([...some, 'old/.X.CSV', 'z/Z.Csv'], all, '*.csv');
    expect(keys).toEqual(['a.csv', 'old/2020/e.csv', 'old/d.csv']);
    expect(plan.otherCase).toEqual({ count: 2, first: ['B.CSV', 'z/Z.Csv'] });
  });

  test('of several patterns any may match; only what asks for hidden files gets them', async () => {
    const { keys } = await planOf([...some, '.x/h.csv', '.x/i.txt'], all, [
      '*.{txt,CSV}',
      '.x/*.csv',
      'old/d*',
    ]);
    expect(keys).toEqual(['.x/h.csv', 'B.CSV', 'c.txt', 'old/d.csv']);
  });

  test.each([
    ['memory:/*.csv', 'file_pattern: "*.csv" would match 3 files'],
    ['/*.csv', 'file_pattern: "*.csv" would match 3 files'],
    ['old\\d*', 'file_pattern: "old/d*" would match 1 file'],
    ['.*\\.csv$', 'file_pattern: "*.csv" would match 3 files'],
    ['csv', 'file_pattern: "*csv" would match 3 files'],
    ['old', 'file_pattern: "old/*" would match 2 files'],
    ['e.csv', 'file_pattern: "*/e.csv" would match 1 file'],
    ['c', 'file_pattern: "c*" would match 1 file'],
    ['*.TXT', 'ignoring upper and lower case, it would match 1 file, such as c.txt'],
  ])('a pattern that finds nothing is answered by one that does: %s', async (pattern, hint) => {
    await expect(planOf(some, all, pattern)).rejects.toMatchObject({
      hint: `${hint}\nwhat is there: ${some.join(', ')}`,
    });
  });

  test('a file that is not there is answered by those that are called so', async () => {
    for (const [key, there] of [
      ['d.csv', 'old/d.csv'],
      ['b.csv', 'B.CSV'],
      ['new/E.csv', 'old/2020/e.csv'],
    ] as const)
      await expect(planOf(some, { kind: 'keys', keys: [key], from: '-f' })).rejects.toMatchObject({
        hint: `perhaps: ${there}\nwhat is there: ${some.join(', ')}`,
      });
  });

  test.each([
    ['s3://pv/site/*.csv', 'data_bucket is taken as it stands: a pattern goes into file_pattern'],
    [
      's3://pv/site/a.csv',
      'if a.csv is a file: data_bucket names the folder above it, and file_pattern: "a.csv" the file',
    ],
  ])('a place that is none is explained: %s', async (location, hint) => {
    class There extends MemoryStore {
      override readonly location = location;
    }
    const asked = { config: { filePattern: '*' } as Config, selection: all, workers: 1 };
    const ports = { data: new There(), store: new MemoryStore(), project: new MemoryStore() };
    await expect(planTasks(ports)({ ...asked, target: { kind: 'local' } })).rejects.toMatchObject({
      hint: `${location} is empty\n${hint}`,
    });
  });

  test('accents are the same however they are written', async () => {
    const [one, two] = ['café.csv'.normalize('NFC'), 'café.csv'.normalize('NFD')];
    for (const there of [one, two])
      for (const asked of [one, two]) {
        expect((await planOf([there, 'x.csv'], { kind: 'keys', keys: [asked], from: '-f' })).keys).toEqual([
          there,
        ]);
        expect((await planOf([there, 'x.csv'], all, asked.replace('csv', '*'))).keys).toEqual([there]);
      }
    expect((await planOf([two], { kind: 'keys', keys: [one, two], from: '-f' })).keys).toEqual([two]);
  });
});

test('each file is one task when config.yaml says so, and none is read', async () => {
  class Closed extends MemoryStore {
    // biome-ignore lint/correctness/useYield: it refuses before
    override async *read(key: string): AsyncGenerator<Uint8Array> {
      throw new Error(`${key} is read`);
    }
  }
  const data = new Closed();
  for (const key of ['a.csv', 'b.txt']) await data.write(key, 'Time,Power\n');
  const config = {
    dataBucket: { kind: 'folder', path: '/data' },
    filePattern: '*',
    columnKeywords: null,
    wholeFiles: true,
  };
  const store = new MemoryStore();
  const plan = await planTasks({ data, store, project: new MemoryStore() })({
    config: config as unknown as Config,
    selection: all,
    workers: 1,
    target: { kind: 'local' },
  });
  expect(plan).toMatchObject({ files: 2, tasks: 2, kinds: { count: 1, first: [{ files: 2, table: null }] } });
  const manifest = (await readAll(store, layout.manifest)).toString().trimEnd().split('\n');
  expect(manifest.map((line) => (JSON.parse(line) as Task).column)).toEqual([null, null]);
});
