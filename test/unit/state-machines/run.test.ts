/** A run on a cluster, walked with ports in memory: its way, and its end whatever fails. */

import { describe, expect, test } from '@jest/globals';
import {
  AccessDenied,
  AlreadyStarted,
  BudgetExceeded,
  CapacityUnavailable,
  type GcdError,
  ImageFailed,
  NotOurs,
  QuotaExceeded,
  Unreachable,
  WorkersFailed,
} from '../../../core/errors/errors.ts';
import { readCosts } from '../../../core/run-store/status/costs.ts';
import { forEachState, readDefinition } from '../../../runs/local/walk/definition.ts';
import {
  type CloudWalk,
  eksRequest,
  newWorld,
  type RequestOptions,
  walkRun,
} from '../../support/cloud/run.ts';
import type { World } from '../../support/cloud/world.ts';

const definition = await readDefinition('run');

/** What is left of a run that used a cluster: things that cost nothing, and no secret. */
const nothing = {
  ...{ nodes: [[0, 0]], workers: [], identities: [], queues: [], licences: [] },
  bastions: ['stopped'],
};
/** The end, which is the same whatever the work became. */
const end = ['StopWorkers', 'ScaleDown', 'SumCost', 'Gather', 'Report', 'StopBastion', 'Notify'];
const once = (path: string[], of: string[]) => [...new Set(path)].filter((state) => of.includes(state));

describe('a run on a cluster', () => {
  test('makes what is missing, works, and leaves nothing that costs', async () => {
    const world = await newWorld();
    const { error, output, path, rows } = await walkRun(world, eksRequest());
    expect(error).toBeUndefined();
    expect(output?.gathered).toEqual({ succeeded: 6, failed: 0, unfinished: 0 });
    expect(rows?.trim().split('\n')).toHaveLength(7);
    expect(world.left()).toEqual(nothing);
    expect(world.account.sent.map(({ subject }) => subject)).toEqual(['gcd-sfn: run r succeeded']);
    expect(world.account.sent[0]?.text).toMatch(/6 succeeded.*\nCost: about \$0\.\d{2,3}, at prices of 2026/);
    const work = ['Prepare', 'LimitCost', 'StartWorkers', 'DispatchBatches', 'EndRepetition', 'Worked'];
    const main = path.filter((state) => definition.States[state] || work.includes(state));
    expect(main).toEqual(['Validate', 'Work', ...work, ...end, 'Done']);
    // The bastion comes when the nodes are there.
    expect(path.indexOf('EnsureBastion')).toBeGreaterThan(path.indexOf('ScaleNodes'));
  });

  test('a second run finds everything there, and builds nothing', async () => {
    const world = await newWorld({}, ['r', 'q']);
    await walkRun(world, eksRequest());
    const { path, error } = await walkRun(world, eksRequest('q', { repetitions: 2 }));
    expect(error).toBeUndefined();
    expect(path).not.toContain('BuildImage');
    const onceOf = async (run: string) => (await readCosts(world.store(run))).get(`${run}-1`)?.once;
    // Its second repetition costs less than the build.
    expect(await onceOf('r')).toBeGreaterThan(6 * 0.005);
    expect(await onceOf('q')).toBeLessThan(6 * 0.005);
    expect(path.filter((state) => state === 'EnsureCluster')).toHaveLength(1);
    expect(path.filter((state) => state === 'DispatchBatches')).toHaveLength(2);
    expect(world.left()).toEqual(nothing);
  });

  test('one that cleans up leaves nothing of its cluster at all', async () => {
    const world = await newWorld({ looks: 2, lag: 2 });
    const { path, error } = await walkRun(world, eksRequest('r', { target: { cleanUp: true } }));
    expect(error).toBeUndefined();
    expect(once(path, ['TearDown', 'ConfirmGone', 'Done'])).toEqual(['TearDown', 'ConfirmGone', 'Done']);
    const { clusters, nodegroups, things } = world.account;
    expect([clusters.size, nodegroups.size, things]).toEqual([0, 0, []]);
  });

  test('the budget ends the handing out of work between repetitions', async () => {
    const world = await newWorld();
    const perHour = 2 * 0.096 + 0.0104 + 0.1 + ((40 + 8) * 0.08) / 730 + 3 * 0.005;
    // Enough until workers are there and the first repetition is through, not for a hundred of them.
    const config = { budgetUsd: 0.05 + (perHour * 1520) / 3600 };
    const { path, output } = await walkRun(world, eksRequest('r', { config, repetitions: 100 }));
    const repetitions = path.filter((state) => state === 'DispatchBatches').length;
    expect(repetitions).toBeGreaterThan(0);
    expect(repetitions).toBeLessThan(100);
    // The deadline may end the last one in the middle.
    const unfinished = output?.gathered?.unfinished as number;
    expect(unfinished).toBeGreaterThanOrEqual(6 * (100 - repetitions));
    expect(unfinished).toBeLessThanOrEqual(6 * (101 - repetitions));
    expect(world.left()).toEqual(nothing);
  });
});

const broke = new RangeError('it broke');
const states: string[] = [];
forEachState(definition, (name, state) => {
  if (state.Type === 'Task' && name !== 'EnsureEnvironment') states.push(name);
});

/** States whose failure is no failure of the run. */
const forgiven = ['BuildImage', 'EnsureBastion', 'RunBatch', 'SumCost', 'StopBastion', 'Notify'];
const ofCleanUp = ['TearDown', 'ConfirmGone'];
const ordinary = states.filter((state) => !forgiven.includes(state) && !ofCleanUp.includes(state));
/** Where nothing was gathered, there is nothing to report. */
const without = (state: string) => end.filter((one) => one !== state);

describe('when a state fails', () => {
  test.each(ordinary)(
    '%s: workers and nodes go, what is done is gathered, the cause is kept',
    async (state) => {
      const world = await newWorld();
      const { error, path, rows } = await walkRun(world, eksRequest(), { failing: { [state]: broke } });
      expect(error).toBe(broke);
      expect(world.account.sent.map(({ text }) => text)).toEqual([expect.stringContaining('it broke')]);
      // Nothing is there yet when the request is wrong, and the rest is what the janitor looks after.
      if (state === 'Validate') return expect(path).toEqual(['Validate', 'Notify', 'Failed']);
      // Before there is a plan, there is nothing to gather.
      const gathers = state !== 'PlanTasks' && state !== 'Gather';
      expect(once(path, end)).toEqual(gathers ? end : without('Report'));
      expect(path.at(-1)).toBe('Failed');
      const after = world.left();
      expect(after.nodes.flat().every((count) => count === 0)).toBe(state !== 'ScaleDown');
      if (state === 'StopWorkers') expect(after.workers).toEqual(['c/r-1']);
      else expect(after).toMatchObject({ workers: [], identities: [], queues: [], licences: [] });
      expect(after.bastions.every((status) => status === 'stopped')).toBe(true);
      const isDone = ['EndRepetition', 'StopWorkers', 'ScaleDown', 'Report'].includes(state);
      if (isDone) expect(rows?.trim().split('\n')).toHaveLength(7);
    },
  );

  test.each(forgiven)('%s: the run goes on', async (state) => {
    const world = await newWorld();
    if (state === 'BuildImage') await build(world);
    const { error, output } = await walkRun(world, eksRequest(), { failing: { [state]: broke } });
    expect(error).toBeUndefined();
    expect(output?.gathered?.unfinished).toBe(state === 'RunBatch' ? 6 : 0);
    const warned = world.account.sent.some(({ text }) =>
      text.includes('bastion could not be created (RangeError)'),
    );
    expect(warned).toBe(state === 'EnsureBastion');
    expect(world.left().nodes).toEqual([[0, 0]]);
  });

  const first = new TypeError('first');
  test.each(end)('%s: that is the second failure, and the first one is told', async (state) => {
    const world = await newWorld();
    const failing = { EndRepetition: first, [state]: broke };
    const { error, path } = await walkRun(world, eksRequest(), { failing });
    expect(error).toBe(first);
    expect(once(path, end)).toEqual(state === 'Gather' ? without('Report') : end);
  });

  test.each(end.slice(0, 4).flatMap((one, at) => end.slice(at + 1, 5).map((other) => [one, other])))(
    'of the end, %s, then %s: the first one is told',
    async (one, other) => {
      if ([one, other].includes('SumCost')) return;
      const world = await newWorld();
      const failing = { [one as string]: first, [other as string]: broke };
      expect((await walkRun(world, eksRequest(), { failing })).error).toBe(first);
    },
  );

  test.each(['StopWorkers', 'ScaleDown', 'Gather', 'Report', 'TearDown', 'ConfirmGone'])(
    '%s, with nobody to say so: the execution fails all the same',
    async (state) => {
      const world = await newWorld();
      const failing = { [state]: first, Notify: broke };
      const request = eksRequest('r', { target: { cleanUp: true } });
      const { error, path } = await walkRun(world, request, { failing });
      expect(error).toMatchObject({ name: 'EndFailed' });
      expect(path.at(-1)).toBe('Unexplained');
    },
  );

  test('a message that cannot be sent is no failure', async () => {
    const world = await newWorld();
    const tap: CloudWalk['tap'] = (call, verb) => {
      if (verb === 'notifier.send') throw new AccessDenied('sns:Publish');
      return call();
    };
    const { error, path } = await walkRun(world, eksRequest(), { tap });
    expect([error, path.at(-1)]).toEqual([undefined, 'Done']);
  });

  test.each(['TearDown', 'ConfirmGone'])(
    '%s: the results are there, and the failure is told',
    async (state) => {
      const world = await newWorld();
      const request = eksRequest('r', { target: { cleanUp: true } });
      const { error, rows } = await walkRun(world, request, { failing: { [state]: broke } });
      expect(error).toBe(broke);
      expect(rows?.trim().split('\n')).toHaveLength(7);
      expect(world.account.sent).toHaveLength(1);
    },
  );

  test('a time of a schedule that another execution has ends without a word', async () => {
    const world = await newWorld();
    const failing = { Validate: new AlreadyStarted('r-0 has it') };
    const { error, path } = await walkRun(world, eksRequest(), { failing });
    expect(error).toBeUndefined();
    expect(path).toEqual(['Validate', 'BegunByAnother']);
    expect(world.account.sent).toEqual([]);
  });

  test('a timeout that comes without a cause has one in the end', async () => {
    const timeout = Object.assign(new Error(), { name: 'States.Timeout' });
    const world = await newWorld();
    const { error } = await walkRun(world, eksRequest(), { failing: { Gather: timeout } });
    expect(error).toMatchObject({ name: 'States.Timeout', message: 'a state timed out' });
  });
});

const build = (world: World) =>
  world
    .ports('')
    .images.build({ digest: 'd1', source: '', platform: '', cache: '' })
    .then(async () => {
      while ((await world.ports('').images.status('d1')).state === 'building');
    });

const quota = new QuotaExceeded('no more vCPUs for you');

describe('what the cloud does not give ends a run with its reason', () => {
  test.each<[string, (world: World) => void, RequestOptions, new (...of: never[]) => GcdError, RegExp]>([
    [
      'a quota of clusters',
      ({ account }) => account.refuse('clusters.create', quota),
      {},
      QuotaExceeded,
      /vCPUs/,
    ],
    [
      'a permission for nodegroups',
      ({ account }) => account.refuse('nodegroups.create', new AccessDenied('eks:CreateNodegroup')),
      {},
      AccessDenied,
      /CreateNodegroup/,
    ],
    [
      'capacity, until the wait time is over',
      ({ account }) => {
        account.capacity = { nodes: 0, problem: { kind: 'capacity', message: 'no m6i.large in us-west-2a' } };
      },
      { config: { nodesWaitSeconds: 300 } },
      CapacityUnavailable,
      /after 300 s: no m6i.large in us-west-2a/,
    ],
    [
      'a quota of vCPUs, at once',
      ({ account }) => {
        account.capacity = { nodes: 0, problem: { kind: 'quota', message: 'your quota of vCPUs is 0' } };
      },
      { config: { nodesWaitSeconds: 1e9 } },
      QuotaExceeded,
      /your quota of vCPUs is 0/,
    ],
    [
      'a package of the image',
      ({ account }) => void account.failingBuilds.add('d1'),
      {},
      ImageFailed,
      /could not be built: ERROR: no such package/,
    ],
    [
      'a project that can be imported',
      ({ account }) =>
        void account.workerProblems.set('r-1', {
          problem: { kind: 'project', message: "No module named 'pvlib'" },
          failed: true,
        }),
      {},
      WorkersFailed,
      /pvlib/,
    ],
    ['a budget', () => {}, { config: { budgetUsd: 0.01 } }, BudgetExceeded, /does not last/],
    [
      'a cluster of that name',
      ({ account, clock }) => {
        const slow = { ...account.becoming<'active'>('active', 'active'), becoming: null, unseen: 0 };
        const parts = new Map<string, number>();
        account.clusters.set('c', {
          ...slow,
          logs: [],
          ours: false,
          version: '1',
          problems: [],
          parts,
          since: clock.now(),
          tags: {},
        });
      },
      {},
      NotOurs,
      /was not created by gcd-sfn/,
    ],
  ])('%s', async (_, spoil, options, type, message) => {
    const world = await newWorld();
    spoil(world);
    const { error, path } = await walkRun(world, eksRequest('r', options));
    expect(error).toBeInstanceOf(type);
    expect(error?.message).toMatch(message);
    expect(path).not.toContain('DispatchBatches');
    const after = world.left();
    expect(after).toMatchObject({ workers: [], identities: [], queues: [], licences: [] });
    expect(after.nodes.flat().every((count) => count === 0)).toBe(true);
    expect(world.account.sent).toHaveLength(1);
  });

  test('with some of the nodes it begins when the wait time is over', async () => {
    const world = await newWorld();
    world.account.capacity = { nodes: 1, problem: { kind: 'capacity', message: 'only one' } };
    const { error, output } = await walkRun(world, eksRequest());
    expect(error).toBeUndefined();
    expect(output?.gathered?.succeeded).toBe(6);
  });

  test('a service that cannot be reached for a moment ends nothing', async () => {
    const world = await newWorld();
    const seen = new Map<string, number>();
    const tap: CloudWalk['tap'] = (call, verb) => {
      const times = (seen.get(verb) ?? 0) + 1;
      seen.set(verb, times);
      // A build is no function's.
      if (times <= 2 && !/^(images|store)/.test(verb)) throw new Unreachable(`${verb}: no answer`);
      return call();
    };
    const { error } = await walkRun(world, eksRequest(), { tap });
    expect(error).toBeUndefined();
    expect(world.left()).toEqual(nothing);
  });
});
