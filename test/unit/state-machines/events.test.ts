/** What Step Functions knows of a run's executions, in the run's store: the way through the states, and the times between. */
import { expect, test } from '@jest/globals';
import { AccessDenied } from '../../../core/errors/errors.ts';
import { MemoryStore } from '../../../core/memory-store.ts';
import type { RunEvent } from '../../../core/run-store/events/events.ts';
import { runEvents } from '../../../core/run-store/events/events.ts';
import { layout } from '../../../core/run-store/layout.ts';
import type { RunSummary } from '../../../core/run-store/status/summary.ts';
import { readAll, type Store } from '../../../core/store.ts';
import { keepEvents } from '../../../functions/lambda/keep-events.ts';
import { executions } from '../../../functions/report/data/path.ts';
import { report } from '../../../functions/report/report.ts';
import { eksRequest, newWorld, walkCleanUp, walkRun } from '../../support/cloud/run.ts';
import { MemoryExecutionEvents } from '../../support/memory-aws/execution-events.ts';

const day = 86_400;
const all = async <Item>(items: AsyncIterable<Item>): Promise<Item[]> => {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
};
const textOf = async (store: Store, key: string) => (await readAll(store, key)).toString();
const summaryOf = async (store: Store): Promise<RunSummary> =>
  JSON.parse(await textOf(store, layout.summary));
const partsOf = async (store: Store) => (await all(store.list(layout.parts(1)))).map(({ key }) => key);

test('the report shows the way through the states, with their times, and the cost', async () => {
  const world = await newWorld();
  const request = eksRequest();
  await walkRun(world, request);
  const store = world.store('r');
  await report({ store })({ fileNames: request.config.fileNames });
  const page = await textOf(store, layout.result('report.html'));
  expect(page).not.toContain('No event was recorded');
  for (const state of ['Validate', 'Prepare', 'EnsureCluster', 'DispatchBatches', 'Gather'])
    expect(page).toContain(`>${state}<`);
  const [execution] = await executions(store);
  const gathering = execution?.states.find(({ state }) => state === 'Gather');
  expect(gathering?.left).toBeGreaterThan(gathering?.entered ?? 0);
  expect(await textOf(store, layout.result('p.txt'))).toMatch(/\nCost, by list prices +\$0\.\d{2,3}\n/);
});

test('time between two executions is no time of processing, and workers of the second are no more of them', async () => {
  const world = await newWorld();
  await walkRun(world, eksRequest());
  const store = world.store('r');
  const [lost] = await partsOf(store);
  await store.remove(lost as string);
  world.clock.advance(day);
  const { error, output } = await walkRun(world, eksRequest(), { execution: 'r-2' });
  expect([error, output?.gathered?.succeeded]).toEqual([undefined, 6]);
  const {
    repetitions: [repetition],
  } = await summaryOf(store);
  expect(repetition?.workers).toHaveLength(2);
  expect(repetition?.most).toEqual({ workers: 1, nodes: 1 });
  expect((repetition?.lastEnd ?? 0) - (repetition?.firstStart ?? 0)).toBeGreaterThan(day);
  expect(repetition?.parallelSeconds).toBeLessThan(60);
  expect((await executions(store)).map(({ execution, outcome }) => [execution, outcome])).toEqual([
    ['r-1', 'succeeded'],
    ['r-2', undefined],
  ]);
});

test('what was stopped long before its clean-up took as long as it ran', async () => {
  const world = await newWorld();
  const failing = { ScaleDown: new AccessDenied('gone'), Gather: new AccessDenied('gone') };
  await walkRun(world, eksRequest(), { failing });
  const ended = world.clock.now();
  world.clock.advance(day);
  world.account.executions.get('r-1')!.state = 'aborted';
  await walkCleanUp(world, eksRequest(), { run: 'r', execution: 'r-1' });
  expect((await summaryOf(world.store('r'))).totalSeconds).toBe(ended);
});

const events = new MemoryExecutionEvents();
const began = (execution: string, at: number): RunEvent => ({ at, event: 'execution-started', execution });
const over = (at: number): RunEvent => ({ at, event: 'execution-ended', outcome: 'failed' });
const tell = (execution: string, ...told: RunEvent[]) => {
  for (const event of told) events.tell(execution, { ...event, output: '{"large":1}' });
};
tell('schedule-claimed', began('schedule-claimed', 10), over(11));
tell('r-1', began('r-1', 20), over(21));
tell('r-10', began('r-10', 30));

test('all executions are kept, in order of time, and those that have ended are asked for once', async () => {
  const store = new MemoryStore();
  await store.write(layout.claim, 'schedule-claimed');
  const asked: string[] = [];
  const listening = {
    since: (execution: string, after: number, options?: { outputs: boolean }) => {
      asked.push(execution);
      return events.since(execution, after, options);
    },
  };
  const of = { run: 'r', execution: 'r-10' };
  expect(await keepEvents({ store, events: listening }, of)).toEqual([]);
  expect(asked).toHaveLength(11);
  const kept = await all(runEvents(store));
  const times = kept.map(({ at }) => at);
  expect(times).toEqual([10, 11, 20, 21, 30]);
  expect(JSON.stringify(kept)).not.toContain('large');
  asked.length = 0;
  await keepEvents({ store, events: listening }, of);
  expect(asked).not.toContain('r-1');
  expect(await all(runEvents(store))).toEqual(kept);
});

test('a history that cannot be read is told, and takes nothing away', async () => {
  const store = new MemoryStore();
  await store.write(layout.events, `${JSON.stringify(began('r-1', 1))}\n`);
  await store.write(layout.history('r-2'), `${JSON.stringify(began('r-2', 2))}\n`);
  const refused = { since: () => Promise.reject(new AccessDenied('states:GetExecutionHistory')) };
  const trouble = await keepEvents({ store, events: refused }, { run: 'r', execution: 'r-2' });
  expect(trouble).toEqual([
    'the events of execution r-1 are missing: states:GetExecutionHistory',
    'the events of execution r-2 are missing: states:GetExecutionHistory',
  ]);
  const forgotten = { since: async () => ({ last: 0, events: [] }) };
  expect(await keepEvents({ store, events: forgotten }, { run: 'r', execution: 'r-2' })).toEqual([]);
  expect((await all(runEvents(store))).map(({ at }) => at)).toEqual([1, 2]);
});
