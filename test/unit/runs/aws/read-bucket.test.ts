/** What the client of runs on AWS makes of what is in the bucket: counts, workers, logs, runs of a stack. */
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { frame } from '../../../../cli/top/frame.ts';
import { paceOf } from '../../../../core/estimate/pace.ts';
import { MemoryStore } from '../../../../core/memory-store.ts';
import { layout } from '../../../../core/run-store/layout.ts';
import type { Store } from '../../../../core/store.ts';
import type { Cloud } from '../../../../runs/aws/cloud.ts';
import { runsOfStack } from '../../../../runs/aws/runs-of-stack.ts';
import { DoneSoFar } from '../../../../runs/aws/status/done-so-far.ts';
import { mirrorLogs } from '../../../../runs/aws/status/mirror-logs.ts';
import { RunPoller } from '../../../../runs/aws/status/run-poller.ts';
import { AwsUsage } from '../../../../runs/aws/status/usage.ts';
import { readWorkers } from '../../../../runs/aws/status/worker-states.ts';
import { memoryCloud } from '../../../support/cloud/client.ts';
import { eksRequest, newWorld, walkRun } from '../../../support/cloud/run.ts';

const succeeded = (index: number) =>
  `{"status":"succeeded","index":${index},"task":"t","attempt":1,"start":1,"end":2,"cpu":0,"memory":0,"result":{}}\n`;
const failed = (index: number) =>
  `{"status":"failed","index":${index},"task":"t","attempt":1,"start":1,"end":2,"cpu":0,"memory":0,"error":{"class":"exception","type":"ValueError","message":"no","traceback":""},"output":"long"}\n`;

/** Counts what is read, and pages of listings. */
function counted(store: Store) {
  const read: string[] = [];
  const pages = { listed: 0 };
  const wrapped: Store = {
    location: store.location,
    list: async function* (prefix, after) {
      let keys = 0;
      for await (const found of store.list(prefix, after)) {
        if (keys++ % 1000 === 0) pages.listed++;
        yield found;
      }
    },
    write: (key, body, options) => store.write(key, body, options),
    remove: (key) => store.remove(key),
    read: (key, range) => {
      read.push(key);
      return store.read(key, range);
    },
  };
  return { store: wrapped, read, pages };
}

describe('what is done so far', () => {
  test('is counted once a task, a success outweighs a failure, and each part is read once', async () => {
    const { store, read } = counted(new MemoryStore());
    const done = new DoneSoFar(store, 1);
    await store.write(layout.part(1, '0-r-1-p-1'), succeeded(0) + failed(1) + failed(2));
    await done.look();
    expect([done.succeeded, done.failed, done.exact]).toEqual([1, 2, true]);
    expect(done.firstFailure).toMatchObject({ index: 1, error: { type: 'ValueError' } });
    expect(done.firstFailure).not.toHaveProperty('output');
    await store.write(layout.part(1, '0-r-2-p-1'), succeeded(0) + succeeded(1) + failed(1));
    await store.write(layout.part(2, '0-r-1-p-1'), succeeded(7));
    await done.look();
    await done.look();
    expect([done.succeeded, done.failed]).toEqual([2, 1]);
    expect(read).toHaveLength(2);
  });

  test('has the times of each task: the first record counts, and those of earlier executions are known by them', async () => {
    const store = new MemoryStore();
    const at = (index: number, end: number) =>
      succeeded(index).replace('"start":1,"end":2', `"start":${end - 2},"end":${end}`);
    const done = new DoneSoFar(store, 1);
    await store.write(layout.part(1, '0-r-1-p-1'), at(0, 100.5) + at(1, 200.1) + at(1, 300) + at(2, 200.9));
    await done.look();
    expect([...done.ended.perSecond]).toEqual([
      [101, 1],
      [201, 2],
    ]);
    expect(done.ended).toMatchObject({ done: 3, spread: { tasks: 3 } });
    expect(done.doneBefore(150)).toBe(1);
    const pace = paceOf(done.ended, { since: 150, now: 250, previous: null });
    expect(pace).toMatchObject({ elapsed: 100, doneBefore: 1, last: { seconds: 51, done: 2 } });
  });

  test('is told by sizes where more would have to be read than is worth it', async () => {
    const store = new MemoryStore();
    const part = [0, 1, 2, 3].map(succeeded).join('');
    const done = new DoneSoFar(store, 1, part.length);
    for (const batch of [0, 1, 2]) await store.write(layout.part(1, `${batch}-r-1-p-1`), part);
    await done.look();
    expect([done.succeeded, done.exact]).toEqual([12, false]);
  });
});

describe('while there are many parts', () => {
  const counts = (...all: [name: string, succeeded: number, failed: number][]) =>
    all.map(([name, succeeded, failed]) => ({ worker: name, succeeded, failed }));
  const many = async () => {
    const made = counted(new MemoryStore());
    for (let index = 0; index < 3500; index++)
      await made.store.write(layout.part(1, `${index}-r-1-p-1`), succeeded(index));
    return made;
  };

  test('they are listed once in as many looks as that takes requests; in between, workers are asked', async () => {
    const { store, read, pages } = await many();
    const done = new DoneSoFar(store, 1);
    const shown: number[] = [];
    for (let look = 0; look < 16; look++) {
      await done.look(counts(['a', 3000 + look, 0], ['b', 500, 0]));
      shown.push(done.succeeded);
    }
    expect(shown.slice(0, 5)).toEqual([3500, 3501, 3502, 3503, 3503]);
    expect(pages.listed).toBe(4 * 4);
    expect(read).toHaveLength(3500);
    // What was shown does not go back, although the parts do not have it yet.
    for (const [place, count] of shown.entries()) expect(count).toBeGreaterThanOrEqual(shown[place - 1] ?? 0);
  });

  test('a worker that begins to count anew, as one that a resumed run adds, counts with all that it has done', async () => {
    const { store } = await many();
    const done = new DoneSoFar(store, 1);
    await done.look(counts(['a', 3500, 0]));
    expect([done.succeeded, done.failed, done.exact]).toEqual([3500, 0, true]);
    await done.look(counts(['a', 2, 1], ['new', 5, 0]));
    expect([done.succeeded, done.failed, done.exact]).toEqual([3507, 1, false]);
  });

  test('when the run is over, all of them count and nothing else', async () => {
    const { store } = await many();
    const done = new DoneSoFar(store, 1);
    await done.look(counts(['a', 3500, 0]));
    await done.look(counts(['a', 3600, 9]));
    await store.write(layout.part(1, '9-r-1-p-2'), succeeded(3500));
    await done.look();
    expect([done.succeeded, done.failed, done.exact]).toEqual([3501, 0, true]);
  });
});

const worker = (name: string, more = {}) => ({
  ...{ at: 1000, worker: name, node: 'node-1', execution: 'r-1', state: 'idle', pid: 7, repetition: 1 },
  ...{ batch: null, task: null, since: null, succeeded: 0, failed: 0, cpu: 0, memory: 0, memoryLimit: null },
  ...more,
});

test('workers are those of the execution that have said something of late', async () => {
  const store = new MemoryStore();
  const put = (state: ReturnType<typeof worker>) =>
    store.write(`workers/${state.worker}.json`, JSON.stringify(state));
  await put(worker('r-1-10-x'));
  await put(worker('r-1-9-x'));
  await put(worker('r-2-0-x', { execution: 'r-2' }));
  await put(worker('r-1-3-x', { at: 800 }));
  await store.write('workers/torn.json', '{');
  // In a long life it writes every two minutes.
  await put(worker('r-1-8-x', { at: 840, next: 960 }));
  await put(worker('r-1-7-x', { at: 740, next: 860 }));
  expect((await readWorkers(store, 'r-1', 1001)).map(({ worker: name }) => name)).toEqual([
    'r-1-8-x',
    'r-1-9-x',
    'r-1-10-x',
  ]);
});

test('the state of a worker is read again when it has written a new one, and no sooner', async () => {
  const { store, read } = counted(new MemoryStore());
  const put = (name: string, more: object) =>
    store.write(`workers/${name}.json`, JSON.stringify(worker(name, more)));
  await put('w', { at: 1000 });
  await put('old', { at: 1000, execution: 'r-0' });
  await put('gone', { at: 500 });
  const known = new Map();
  const looks = async (from: number, to: number) => {
    read.length = 0;
    for (let now = from; now < to; now += 5) await readWorkers(store, 'r-1', now, known);
    return [...read].sort();
  };
  expect(await looks(1005, 1030)).toEqual(['workers/gone.json', 'workers/old.json', 'workers/w.json']);
  await put('w', { at: 1030, succeeded: 9 });
  expect(await looks(1030, 1035)).toEqual(['workers/w.json']);
  expect((await readWorkers(store, 'r-1', 1036, known)).map((one) => one.succeeded)).toEqual([9]);
});

const remote = { stack: 's', region: 'us-west-2', bucket: 'b', cluster: 'c', seen: null };
const pollerOf = (cloud: Cloud) => new RunPoller(cloud, { request: eksRequest(), folder: '/none', remote });

test('top shows each worker with its task, and how many find no room', async () => {
  const world = await newWorld();
  const { cloud, events } = memoryCloud(world);
  await cloud.executions.find('r-1');
  await world.ports('r').executions.start('run', 'r-1', { run: 'r' });
  events.tell('r-1', { at: 1, event: 'state-entered', state: 'DispatchBatches', type: 'Map', output: null });
  const at = world.clock.now();
  for (const number of [0, 1, 2])
    await world.store('r').write(
      `workers/w-${number}.json`,
      JSON.stringify(
        worker(`w-${number}`, {
          at,
          ...(number === 0 && { task: [0, 'id', 'a.csv', 'Power'], since: at - 5, state: 'working' }),
          ...{ cpu: 0.5, memory: 1024 * 1024, succeeded: 3 },
        }),
      ),
    );
  const poller = pollerOf(cloud);
  expect((await poller.poll()).live?.progress).toMatchObject({ repetition: 1, workers: 3, busy: 1 });
  const sample = (await new AwsUsage(poller).take())!;
  const lines = frame(sample);
  expect(lines[0]).toBe('run r on AWS · running tasks · 0 tasks done');
  expect(lines[3]).toMatch(/^w-0 +node-1 +50 +1 MiB +3 +0 +5 s +a.csv, Power$/);
  expect(lines.at(-1)).toMatch(/^3 workers on 1 node: 1.5 cores busy, 3 MiB/);
  expect(frame(sample, 6).join('\n')).toContain('… and 2 more workers');
});

describe('logs of workers', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gcd-logs-'));
  });
  afterEach(() => rm(folder, { recursive: true }));
  const here = (name: string) => readFileSync(join(folder, 'logs', name), 'utf8');

  test('grow here as they grow there: only what is new is read', async () => {
    const store = new MemoryStore();
    await store.write('logs/w.jsonl', 'one\n');
    await mirrorLogs(store, folder);
    await store.write('logs/w.jsonl', 'one\ntwo\n');
    await mirrorLogs(store, folder);
    expect(here('w.jsonl')).toBe('one\ntwo\n');
    const { store: watched, read } = counted(store);
    await mirrorLogs(watched, folder);
    expect(read).toEqual([]);
  });

  test('one that was put aside is put aside here, too', async () => {
    const store = new MemoryStore();
    await store.write('logs/w.jsonl', 'one\ntwo\n');
    await mirrorLogs(store, folder);
    await store.write('logs/w.1.jsonl', 'one\ntwo\nthree\n');
    await store.write('logs/w.jsonl', 'four\n');
    await mirrorLogs(store, folder);
    expect([here('w.1.jsonl'), here('w.jsonl')]).toEqual(['one\ntwo\nthree\n', 'four\n']);
  });
});

test('the runs of a stack are found with their states, the newest first', async () => {
  const world = await newWorld({}, []);
  const bucket = new MemoryStore();
  for (const [place, run] of ['one', 'two', 'two-more'].entries()) {
    const request = { ...eksRequest(run), requestedAt: place, by: `arn:aws:iam::1:user/${run}` };
    await bucket.write(`runs/${run}/request.json`, JSON.stringify(request));
    await bucket.write(`runs/${run}/parts/1/x.jsonl`, '');
    await world.store(run).write(layout.request, JSON.stringify(request));
  }
  await world.ports('two').executions.start('run', 'two-1', { run: 'two' });
  const { cloud } = memoryCloud(world);
  const all = { ...cloud, store: (prefix: string) => (prefix === '' ? bucket : cloud.store(prefix)) };
  const { runs, more } = await runsOfStack(all, 2);
  expect(runs.map(({ run, state, by }) => [run, state, by])).toEqual([
    ['two-more', null, 'arn:aws:iam::1:user/two-more'],
    ['two', 'running', 'arn:aws:iam::1:user/two'],
  ]);
  expect(more).toBe(1);
});

test('a run of a schedule is found by the execution that claimed it', async () => {
  const world = await newWorld();
  const request = eksRequest();
  await world.store('r').write(layout.request, JSON.stringify(request));
  await world.store('r').write(layout.claim, 'by-a-schedule');
  const { cloud, events } = memoryCloud(world);
  await walkRun(world, request, {
    execution: 'by-a-schedule',
    onEvent: (event) => events.tell('by-a-schedule', { ...event, output: null }),
  });
  events.tell('by-a-schedule', { at: 9, event: 'execution-ended', outcome: 'succeeded', output: null });
  const status = await pollerOf(cloud).poll();
  expect(status).toMatchObject({ execution: 'by-a-schedule', state: 'done', exitCode: 0 });
});

test.each([
  [true, 'stopped', 130],
  [false, 'done', 1],
])(
  'an execution that ended with tasks left: when a stop was asked for (%s) it is %s',
  async (asked, state, exitCode) => {
    const world = await newWorld();
    const { cloud, events } = memoryCloud(world);
    const store = world.store('r');
    await world.ports('r').executions.start('run', 'r-1', { run: 'r' });
    await store.write(layout.plan, '{"tasks":3}');
    await store.write(layout.part(1, '0-r-1-p-1'), succeeded(0));
    if (asked) await store.write(layout.control, '{"stop":"drain"}');
    events.tell('r-1', { at: 9, event: 'execution-ended', outcome: 'succeeded', output: null });
    expect(await pollerOf(cloud).poll()).toMatchObject({
      state,
      exitCode,
      tasks: { total: 3, succeeded: 1, failed: 0 },
    });
  },
);

test.each([
  ['all that is done', 1, true],
  ['less than is done', 0, false],
])('figures that a clean-up has gathered of %s count as those of the run', async (_, gathered, isAll) => {
  const world = await newWorld();
  const { cloud, events } = memoryCloud(world);
  const store = world.store('r');
  await world.ports('r').executions.start('run', 'r-1', { run: 'r' });
  await store.write(layout.plan, '{"tasks":3}');
  await store.write(layout.part(1, '0-r-1-p-1'), succeeded(0));
  await store.write(layout.summary, JSON.stringify({ repetitions: [{ succeeded: gathered, failed: 0 }] }));
  events.tell('r-1', { at: 9, event: 'execution-ended', outcome: 'interrupted', output: null });
  const { summary, tasks } = await pollerOf(cloud).poll();
  expect(summary !== undefined).toBe(isAll);
  expect(tasks).toMatchObject({ succeeded: 1, failed: 0, exact: true });
});
