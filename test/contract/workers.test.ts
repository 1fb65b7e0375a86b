/** What every adapter of Workers and Batches must do. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { DataCache } from '../../adapters/local/data-cache/data-cache.ts';
import { FolderStore } from '../../adapters/local/store/folder-store.ts';
import { LocalWorkers } from '../../adapters/local/workers/local-workers.ts';
import { ProjectInvalid } from '../../core/errors/errors.ts';
import { MemoryStore } from '../../core/memory-store.ts';
import { layout } from '../../core/run-store/layout.ts';
import { readDone } from '../../core/run-store/records/parts.ts';
import type { Batch, BatchTask } from '../../core/run-store/records/records.ts';
import { readAll, type Store } from '../../core/store.ts';
import type { Batches, Workers } from '../../ports/workers.ts';
import { MemoryWorkers } from '../support/memory/memory-workers.ts';

interface Made {
  store: Store;
  workers: Workers & Batches;
}

const entrypoint = `
import time
def entrypoint(curr_process_column, data_bucket, curr_process_file, table):
    if curr_process_column == "table":
        return {"table": table}
    if curr_process_column == "bad":
        raise ValueError("bad")
    if curr_process_column == "slow":
        time.sleep(0.4)
    return {"column": curr_process_column}
`;

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

async function localProcesses(broken: boolean, dataElsewhere: boolean): Promise<Made> {
  const folder = await mkdtemp(join(tmpdir(), 'gcd-workers-'));
  await mkdir(join(folder, 'project'));
  await writeFile(join(folder, 'project/entrypoint.py'), broken ? 'import nowhere_to_be_found' : entrypoint);
  const store = new FolderStore(join(folder, 'store'));
  const elsewhere = new MemoryStore();
  await elsewhere.write('f', 'data');
  const data = dataElsewhere
    ? await DataCache.open({ store: elsewhere, folder: join(folder, 'cache') })
    : undefined;
  const workers = new LocalWorkers({
    store,
    execution: '1',
    slots: 2,
    python: () => ['python3'],
    ...(data && { data }),
    settings: {
      project: join(folder, 'project'),
      data_root: data?.root ?? null,
      arguments: { data_bucket: 'b' },
      task_timeout: null,
      max_attempts: 3,
      retry_exceptions: 1,
      memory: null,
      keep_output: false,
      max_output_bytes: null,
      environment: {},
      threads: null,
    },
  });
  cleanUps.push(async () => {
    await workers.stop('now');
    await data?.close();
    await rm(folder, { recursive: true });
  });
  return { store, workers };
}

const adapters: Record<string, (options: { broken?: boolean }) => Promise<Made>> = {
  memory: async ({ broken }) => {
    const store = new MemoryStore();
    const run = async ([, , , column]: BatchTask) => {
      if (column === 'bad') throw new Error('bad');
      if (column === 'slow') await new Promise((resolve) => setTimeout(resolve, 100));
      return { column };
    };
    const refuse = new ProjectInvalid('broken');
    return { store, workers: new MemoryWorkers({ store, slots: 2, run, ...(broken && { refuse }) }) };
  },
  'local processes': ({ broken = false }) => localProcesses(broken, false),
  'local processes that have their data fetched': ({ broken = false }) => localProcesses(broken, true),
};

async function batchesOf(store: Store, ...batches: string[][]): Promise<Batch[]> {
  let index = 0;
  let offset = 0;
  const lines = batches.map((columns) =>
    JSON.stringify(columns.map((column): BatchTask => [index++, `t${index}`, 'f', column])),
  );
  const manifest = batches.flat().map((column) => JSON.stringify({ id: 't', file: 'f', column, size: 4 }));
  await store.write(layout.manifest, `${manifest.join('\n')}\n`);
  await store.write(layout.batchTasks, `${lines.join('\n')}\n`);
  return lines.map((line, batch) => {
    const place = { offset, bytes: Buffer.byteLength(line) };
    const made = { batch, tasks: batches[batch]?.length ?? 0, ...place, timeout: 3600 };
    offset += made.bytes + 1;
    return made;
  });
}

describe.each(Object.entries(adapters))('Workers and Batches: %s', (_, make) => {
  test('an outcome counts what happened, and by then each task has its record', async () => {
    const { store, workers } = await make({});
    const [first, second, third] = (await batchesOf(store, ['a', 'bad', 'ü'], ['b'], ['bad'])) as [
      Batch,
      Batch,
      Batch,
    ];
    expect((await workers.start({ repetition: 1 })).slots).toBe(2);
    const outcomes = await Promise.all([first, second, third].map((batch) => workers.offer(batch)));
    expect(outcomes).toEqual([
      { batch: 0, succeeded: 2, failed: 1, notRun: 0 },
      { batch: 1, succeeded: 1, failed: 0, notRun: 0 },
      { batch: 2, succeeded: 0, failed: 1, notRun: 0 },
    ]);
    const done = await readDone(store, 1);
    expect([done.succeeded, done.failed]).toEqual([3, 2]);
    await workers.stop('drain');
  });

  test('tasks that have a record are skipped, in this repetition only', async () => {
    const { store, workers } = await make({});
    const [batch] = (await batchesOf(store, ['a', 'b', 'c'])) as [Batch];
    await store.write(
      layout.part(1, 'earlier'),
      '{"status":"succeeded","index":1,"task":"t2","attempt":1,"start":1,"end":2,"cpu":0,"memory":0,"result":{}}\n',
    );
    await workers.start({ repetition: 1 });
    expect(await workers.offer(batch)).toEqual({ batch: 0, succeeded: 2, failed: 0, notRun: 0 });
    await workers.start({ repetition: 2 });
    expect(await workers.offer(batch)).toEqual({ batch: 0, succeeded: 3, failed: 0, notRun: 0 });
    expect((await readDone(store, 1)).succeeded).toBe(3);
    await workers.stop('drain');
  });

  test('batches begin in the order in which they are offered', async () => {
    const { store, workers } = await make({});
    const count = 20;
    const batches = await batchesOf(store, ...Array.from({ length: count }, () => ['a']));
    await workers.start({ repetition: 1 });
    // The first to be read are the last to be there.
    const read = store.read.bind(store);
    let reads = 0;
    store.read = async function* (...args) {
      await new Promise((resolve) => setTimeout(resolve, count - reads++));
      yield* read(...args);
    };
    await Promise.all(batches.map((batch) => workers.offer(batch)));
    await workers.stop('drain');
    store.read = read;
    const begun: [start: number, index: number][] = [];
    for await (const { key } of store.list(layout.parts(1)))
      for (const line of (await readAll(store, key)).toString().split('\n'))
        if (line.startsWith('{"status"')) begun.push([JSON.parse(line).start, JSON.parse(line).index]);
    expect(begun).toHaveLength(count);
    // Two workers, each with a few short batches ahead, may be some apart.
    for (const [place, [, index]] of begun.sort(([a, i], [b, j]) => a - b || i - j).entries())
      expect(Math.abs(index - place)).toBeLessThanOrEqual(6);
  });

  test('a stop lets the running task end, and nothing begin', async () => {
    const { store, workers } = await make({});
    const batches = await batchesOf(store, ['slow', 'a'], ['slow', 'a'], ['a'], ['a']);
    await workers.start({ repetition: 1 });
    const outcomes = batches.map((batch) => workers.offer(batch));
    await new Promise((resolve) => setTimeout(resolve, 50));
    await workers.stop('drain');
    const done = await readDone(store, 1);
    let run = 0;
    for (const { succeeded, failed, notRun, batch } of await Promise.all(outcomes)) {
      expect(succeeded + failed + notRun).toBe(batches[batch]?.tasks);
      run += succeeded;
    }
    expect(run).toBe(done.succeeded);
    expect(run).toBeLessThan(6);
    expect(workers.stopping).toBe(true);
    expect(workers.failure).toBeUndefined();
    expect(await workers.offer(batches[3] as Batch)).toMatchObject({ succeeded: 0, notRun: 1 });
  });

  test('a project that cannot be run is refused at the start', async () => {
    const { store, workers } = await make({ broken: true });
    await batchesOf(store, ['a']);
    await expect(workers.start({ repetition: 1 })).rejects.toThrow(ProjectInvalid);
  });
});

test.each([false, true])('a task is told how pandas reads its file; data fetched: %s', async (fetched) => {
  const { store, workers } = await localProcesses(false, fetched);
  const tasks = JSON.stringify([0, 1].map((index): BatchTask => [index, `t${index}`, 'f', 'table']));
  const tables = JSON.stringify({ all: [null, { sep: ';', skiprows: [0, 2] }], of: { f: 1 } });
  await store.write(layout.manifest, `${'{"id":"t","file":"f","column":"table","size":4}\n'.repeat(2)}`);
  await store.write(layout.batchTasks, `${tasks}\n${tables}\n`);
  const bytes = Buffer.byteLength(tasks);
  const batch = { batch: 0, tasks: 2, offset: 0, bytes, tables: Buffer.byteLength(tables), timeout: 3600 };
  // Also of what is left of a batch.
  const done = { index: 0, task: 't0', attempt: 1, start: 1, end: 2, cpu: 0, memory: 0, result: {} };
  await store.write(layout.part(1, 'earlier'), `${JSON.stringify({ status: 'succeeded', ...done })}\n`);
  for (const repetition of [1, 2]) {
    await workers.start({ repetition });
    await workers.offer(batch);
  }
  await workers.stop('drain');
  const told: unknown[] = [];
  for (const repetition of [1, 2])
    for await (const { key } of store.list(layout.parts(repetition)))
      for (const line of (await readAll(store, key)).toString().split('\n'))
        if (line.includes('"table":{')) told.push(JSON.parse(line).result.table);
  expect(told).toEqual(Array(3).fill({ sep: ';', skiprows: [0, 2] }));
});
