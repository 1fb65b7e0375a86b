/** The feeder of laptops answers the scenarios of feeder/ as the feeder of pods does (test/worker/agent/test_feeder_contract.py). */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { DataCache } from '../../adapters/local/data-cache/data-cache.ts';
import { FolderStore } from '../../adapters/local/store/folder-store.ts';
import { LocalWorkers } from '../../adapters/local/workers/local-workers.ts';
import { ProjectInvalid, WorkersFailed } from '../../core/errors/errors.ts';
import { MemoryStore } from '../../core/memory-store.ts';
import { layout } from '../../core/run-store/layout.ts';
import type { BatchTask } from '../../core/run-store/records/records.ts';
import { packageRoot } from '../support/cli/project.ts';

interface Scenario {
  it: string;
  max_attempts: number;
  tasks: BatchTask[];
  /** Lines of a part that was written before. */
  earlier?: string[];
  /** Files of the bucket; without it, data need not be fetched. */
  data?: Record<string, string>;
  expected: {
    outcome?: { succeeded: number; failed: number; notRun: number };
    failure?: string;
    records: unknown[];
    sent: unknown[][];
    data?: Record<string, string>;
  };
}

interface Order {
  tasks?: unknown[];
  data?: Record<string, { error?: string }>;
}

const contract = join(packageRoot, 'test/contract/feeder');
const scenarios = readdirSync(join(contract, 'scenarios')).sort();

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

async function play(path: string, scenario: Scenario) {
  const folder = await mkdtemp(join(tmpdir(), 'gcd-feeder-'));
  cleanUps.push(() => rm(folder, { recursive: true }));
  const state = join(folder, 'state');
  await mkdir(state);
  const told = (name: string) =>
    existsSync(join(state, name)) ? readFileSync(join(state, name), 'utf8') : undefined;
  const store = new FolderStore(join(folder, 'store'));
  const batch = await writeRun(store, scenario);
  const data = scenario.data && (await cacheOf(scenario.data, join(folder, 'cache')));
  const supervisor = join(contract, 'supervisor.py');
  const workers = new LocalWorkers({
    store,
    execution: '1',
    slots: 1,
    python: () => ['env', `FEEDER_SCENARIO=${path}`, `FEEDER_STATE=${state}`, 'python3', supervisor],
    kernelKills: () => (told('kernel-kill') === undefined ? 0 : 1),
    ...(data && { data }),
    settings: { ...settings, data_root: data?.root ?? null, max_attempts: scenario.max_attempts },
  });
  const watch = setInterval(() => {
    const how = told('stop');
    if (how !== undefined) void workers.stop(how as 'drain' | 'now');
  }, 20);
  cleanUps.unshift(async () => {
    clearInterval(watch);
    await workers.stop('now');
    await data?.close();
  });
  let seen: Partial<Scenario['expected']>;
  try {
    await workers.start({ repetition: 1 });
    const { batch: _, ...outcome } = await workers.offer(batch);
    seen = workers.failure ? { failure: nameOf(workers.failure) } : { outcome };
  } catch (error) {
    seen = { failure: nameOf(error) };
  }
  await workers.stop('now');
  return { ...seen, records: recordsIn(join(folder, 'store', layout.parts(1))), ...ordersIn(state) };
}

const settings = {
  ...{ project: '/nowhere', arguments: {}, task_timeout: null, retry_exceptions: 1, memory: null },
  ...{ keep_output: false, max_output_bytes: null, environment: {}, threads: null },
};

async function writeRun(store: FolderStore, { tasks, earlier, data }: Scenario) {
  const line = JSON.stringify(tasks);
  await store.write(layout.batchTasks, `${line}\n`);
  const sizes = tasks.map(([, id, file, column]) =>
    JSON.stringify({ id, file, column, size: data?.[file]?.length ?? 1 }),
  );
  await store.write(layout.manifest, `${sizes.join('\n')}\n`);
  if (earlier) await store.write(layout.part(1, 'earlier'), `${earlier.join('\n')}\n`);
  return { batch: 0, tasks: tasks.length, offset: 0, bytes: Buffer.byteLength(line), timeout: 3600 };
}

async function cacheOf(files: Record<string, string>, folder: string): Promise<DataCache> {
  const bucket = new MemoryStore();
  for (const [key, text] of Object.entries(files)) await bucket.write(key, text);
  return DataCache.open({ store: bucket, folder });
}

const nameOf = (error: unknown) =>
  error instanceof ProjectInvalid
    ? 'project-invalid'
    : error instanceof WorkersFailed
      ? 'worker-died'
      : String(error);

function recordsIn(folder: string): unknown[] {
  const parts = existsSync(folder) ? readdirSync(folder) : [];
  const number = (name: string) => Number(/-(\d+)\.jsonl$/.exec(name)?.[1]);
  const own = parts.filter((name) => /-\d+\.jsonl$/.test(name)).sort((a, b) => number(a) - number(b));
  return own.flatMap((name) =>
    readFileSync(join(folder, name), 'utf8').split('\n').slice(0, -1).flatMap(reduced),
  );
}

/** What the contract says of a line; nothing for events that it does not regard. */
function reduced(text: string): unknown[] {
  const line = JSON.parse(text);
  const kind = line.status ?? line.event;
  if (!['succeeded', 'failed', 'attempt'].includes(kind)) return [];
  const { class: errorClass, type, message } = line.error ?? line;
  const cause = { class: errorClass, type, message };
  const known = Object.entries(cause).filter(([, value]) => value !== undefined);
  return [{ line: kind, index: line.index, attempt: line.attempt, ...Object.fromEntries(known) }];
}

function ordersIn(state: string) {
  const sent: unknown[][] = [];
  const data: Record<string, string> = {};
  for (let number = 0; existsSync(join(state, `supervisor-${number}`)); number++) {
    const log = join(state, `orders-${number}.jsonl`);
    const lines = existsSync(log) ? readFileSync(log, 'utf8').split('\n').slice(0, -1) : [];
    const orders = lines.map((line): Order => JSON.parse(line)).filter(({ tasks }) => tasks);
    sent.push(orders.flatMap(({ tasks = [] }) => tasks));
    for (const order of orders)
      for (const [file, found] of Object.entries(order.data ?? {})) data[file] = found.error ?? 'path';
  }
  // A supervisor that starts when the batch is over may be ended before it has come up.
  while (sent.at(-1)?.length === 0) sent.pop();
  return { sent, data };
}

test.each(scenarios)('%s', async (name) => {
  const path = join(contract, 'scenarios', name);
  const scenario = JSON.parse(readFileSync(path, 'utf8')) as Scenario;
  expect(basename(path, '.json')).toMatch(/^[a-z-]+$/);
  expect(await play(path, scenario)).toEqual({ data: {}, ...scenario.expected });
});
