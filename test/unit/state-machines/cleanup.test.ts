/** The clean-up's definition, and the janitor that starts it. */
import { describe, expect, test } from '@jest/globals';
import { takeInventory } from '../../../cli/aws/inventory/take-inventory.ts';
import { AccessDenied, InUse, Remains, Unreachable } from '../../../core/errors/errors.ts';
import { layout } from '../../../core/run-store/layout.ts';
import { readAll } from '../../../core/store.ts';
import { confirmGone, tearDown } from '../../../functions/cleanup/tear-down.ts';
import { sweep } from '../../../functions/janitor/sweep.ts';
import { releaseNodes } from '../../../functions/nodes/scale-down.ts';
import { type CloudWalk, eksRequest, newWorld, walkCleanUp, walkRun } from '../../support/cloud/run.ts';
import type { World } from '../../support/cloud/world.ts';

const janitor = (world: World) =>
  sweep({
    ...world.ports(''),
    storeOf: (run) => world.store(run),
    releaseNodes: releaseNodes(world.ports('')),
  })({ idleSeconds: 600 });

/** A run whose execution is stopped in the console in the middle of its batches: nothing of it is walked any more. */
async function abandoned(): Promise<World> {
  const world = await newWorld();
  let stopped = false;
  const tap: CloudWalk['tap'] = async (call, verb) => {
    stopped ||=
      verb === 'store.write' &&
      [...world.account.reservations.values()].some(({ state }) => state === 'started');
    if (stopped) throw new AccessDenied('the execution is over');
    return call();
  };
  await walkRun(world, eksRequest(), { tap });
  world.account.executions.get('r-1')!.state = 'aborted';
  world.account.things.push({ kind: 'key-pair', name: 'gcd-me', cluster: 'c', since: 0 });
  world.account.things.push({ kind: 'upload', name: 'runs/r', cluster: null, since: 0 });
  return world;
}

describe('cleanup.asl.yaml', () => {
  test('ends what an execution left, gathers what is done, and tells why', async () => {
    const world = await abandoned();
    expect(world.left()).toMatchObject({
      nodes: [[2, 2]],
      workers: ['c/r-1'],
      queues: ['r-1'],
      licences: ['r'],
    });
    const { error, path } = await walkCleanUp(world, eksRequest(), { run: 'r', execution: 'r-1' });
    expect(error).toBeUndefined();
    expect(world.left()).toEqual({
      nodes: [[0, 0]],
      workers: [],
      identities: [],
      queues: [],
      licences: [],
      bastions: ['stopped'],
    });
    expect(path.slice(-5)).toEqual(['Gather', 'Report', 'StopBastion', 'Notify', 'Done']);
    expect(world.account.sent.map(({ text }) => text)).toEqual([
      expect.stringContaining('its execution was stopped'),
    ]);
    expect(world.account.clusters.size).toBe(1);
  });

  test.each([{ looks: 1 }, { looks: 3, lag: 3 }])(
    'with tearDown, leaves an inventory that is empty (%j)',
    async (options) => {
      const world = await newWorld(options);
      await walkRun(world, eksRequest());
      for (const kind of ['key-pair', 'upload'] as const)
        world.account.things.push({ kind, name: kind, cluster: null, since: 0 });
      const ports = world.ports('');
      const before = await takeInventory(ports)({ cluster: null });
      expect(before.map(({ kind }) => kind)).toEqual(
        expect.arrayContaining(['cluster', 'nodegroup', 'bastion', 'image', 'launch-template', 'log-group']),
      );
      expect(before.find(({ kind }) => kind === 'cluster')?.age).toBeGreaterThan(100);
      const { error, path } = await walkCleanUp(world, null, { tearDown: true });
      expect(error).toBeUndefined();
      expect(path.slice(-3)).toEqual(['ConfirmGone', 'Notify', 'Done']);
      expect(await takeInventory(ports)({ cluster: null })).toEqual([]);
      expect((await walkCleanUp(world, null, { tearDown: true })).error).toBeUndefined();
    },
  );

  test('of one cluster leaves the others', async () => {
    const world = await newWorld({}, ['r', 'q']);
    await walkRun(world, eksRequest());
    await walkRun(
      world,
      eksRequest('q', { target: { cluster: { name: 'd', version: null }, bastion: 'e' } }),
    );
    await walkCleanUp(world, null, { tearDown: true, cluster: 'c' });
    expect([...world.account.clusters.keys(), ...world.account.nodegroups.keys()]).toEqual([
      'd',
      'd/gcd-m6i-large',
    ]);
  });

  test.each(['StopWorkers', 'ScaleDown', 'SumCost', 'Gather', 'Report', 'StopBastion'])(
    'a failure of %s keeps none of the others from their work, and is told',
    async (state) => {
      const world = await abandoned();
      const failing = { [state]: new RangeError('it broke') };
      const { error, path } = await walkCleanUp(
        world,
        eksRequest(),
        { run: 'r', execution: 'r-1' },
        { failing },
      );
      const all = ['StopWorkers', 'ScaleDown', 'SumCost', 'Gather', 'Report', 'StopBastion', 'Notify'];
      const passed = all.filter((one) => one !== 'Report' || state !== 'Gather');
      expect([...new Set(path)].filter((one) => all.includes(one))).toEqual(passed);
      // A run that was stopped before it had a plan has nothing to gather.
      if (state === 'Gather') expect(error).toBeUndefined();
      else expect(error).toMatchObject({ name: 'RangeError', message: 'it broke' });
      expect(world.left().nodes).toEqual(state === 'ScaleDown' ? [[2, 2]] : [[0, 0]]);
    },
  );

  test('says what does not go', async () => {
    const world = await newWorld();
    await walkRun(world, eksRequest());
    const failing = { TearDown: new RangeError('it broke') };
    expect((await walkCleanUp(world, null, { tearDown: true }, { failing })).error?.message).toBe('it broke');
    world.account.refuse('inventory.remove', new AccessDenied('eks:DeleteNodegroup on c/gcd-m6i-large'));
    expect((await walkCleanUp(world, null, { tearDown: true })).error?.message).toContain(
      'eks:DeleteNodegroup',
    );
    await expect(confirmGone(world.ports(''))({ cluster: 'c' })).rejects.toThrow(Remains);
    await expect(confirmGone(world.ports(''))({ cluster: 'c' })).rejects.toThrow(/nodegroup gcd-m6i-large/);
  });

  test('leaves a run that is going on alone, and its cluster', async () => {
    const world = await abandoned();
    world.account.executions.get('r-1')!.state = 'running';
    const begun = await walkCleanUp(world, eksRequest(), { run: 'r', execution: 'r-1' });
    expect(begun.error).toBeInstanceOf(InUse);
    const torn = await walkCleanUp(world, null, { tearDown: true, cluster: 'c' });
    expect(torn.error).toBeInstanceOf(InUse);
    expect(torn.error?.message).toBe('run r is using cluster c');
    expect(world.left()).toMatchObject({ nodes: [[2, 2]], workers: ['c/r-1'] });
  });

  test.each([
    ['Unreachable', new Unreachable('the cluster does not take the credentials')],
    ['AccessDenied', new AccessDenied('not allowed: list jobs')],
  ])('a cluster that cannot be asked who uses it goes when no run is going on: %s', async (_, refusal) => {
    const world = await abandoned();
    const reservations = Object.assign(Object.create(world.ports('').reservations), {
      list: () => Promise.reject(refusal),
    });
    const step = () =>
      tearDown({ ...world.ports(''), reservations })({
        ...{ cluster: 'c', execution: null },
        since: world.account.clock.now(),
      });
    world.account.executions.get('r-1')!.state = 'running';
    await expect(step()).rejects.toBe(refusal);
    expect(world.left()).toMatchObject({ workers: ['c/r-1'] });
    world.account.executions.get('r-1')!.state = 'failed';
    expect(await step()).toMatchObject({ state: 'pending', detail: 'deleting workers r-1' });
  });

  test("a run's own clean-up leaves a cluster that another run is on, without failing", async () => {
    const world = await abandoned();
    world.account.executions.get('r-1')!.state = 'running';
    await world.ports('q').licences.put('q', Buffer.from(''));
    const { error, path } = await walkRun(world, eksRequest('q', { target: { cleanUp: true } }));
    expect(error).toBeUndefined();
    expect(path.slice(-4)).toEqual(['TearDown', 'StopBastion', 'Notify', 'Done']);
    expect(world.left()).toMatchObject({ nodes: [[2, 2]], workers: ['c/r-1'] });
  });
});

describe('the janitor', () => {
  test('has the run of an execution that was stopped cleaned up, once', async () => {
    const world = await abandoned();
    world.clock.advance(3600);
    const { did, trouble } = await janitor(world);
    expect(trouble).toEqual([]);
    expect(did).toContain('start the clean-up of run r (r-1)');
    expect(world.account.executions.get('r-1-cleanup')?.input).toEqual({ run: 'r', execution: 'r-1' });
    expect((await janitor(world)).did).toEqual([]);
    // It did not get far.
    world.account.executions.get('r-1-cleanup')!.state = 'failed';
    for (let round = 0; round < 4; round++) await janitor(world);
    expect(world.left()).toEqual({
      nodes: [[0, 0]],
      workers: [],
      identities: [],
      queues: [],
      licences: [],
      bastions: ['stopped'],
    });
  });

  /** The one of a run whose batches are going on. */
  async function goingOn() {
    const world = await abandoned();
    world.account.executions.get('r-1')!.state = 'running';
    world.clock.advance(3600);
    const { executions } = world.ports('');
    const causes: string[] = [];
    executions.stop = async (name, cause = '') => {
      causes.push(cause);
      executions.end(name, 'aborted');
    };
    const ports = {
      ...{ ...world.ports(''), executions, storeOf: (run: string) => world.store(run) },
      releaseNodes: releaseNodes(world.ports('')),
    };
    return { world, causes, look: () => sweep(ports)({ idleSeconds: 600 }) };
  }
  const stopped = ['stop execution r-1, which only costs money'];

  test('stops an execution whose workers are given up, and has it cleaned up after', async () => {
    const { world, causes, look } = await goingOn();
    const problem = { kind: 'project' as const, message: 'the worker was killed: out of memory' };
    world.account.workerProblems.set('r-1', { problem, failed: false });
    expect(await look()).toEqual({ did: [], trouble: [] });
    world.account.workerProblems.set('r-1', { problem, failed: true });
    expect(await look()).toEqual({ did: expect.arrayContaining(stopped), trouble: [] });
    expect(causes).toEqual(['the worker was killed: out of memory']);
    expect(world.account.executions.get('r-1')?.state).toBe('aborted');
    expect((await look()).did).toContain('start the clean-up of run r (r-1)');
    expect(world.account.executions.get('r-1-cleanup')?.input).toEqual({ run: 'r', execution: 'r-1' });
  });

  test('stops an execution that is long past its budget’s deadline', async () => {
    const { world, causes, look } = await goingOn();
    const cost = JSON.parse((await readAll(world.store('r'), layout.cost('r-1'))).toString());
    const budget = (deadline: number | null) =>
      world.store('r').write(layout.cost('r-1'), JSON.stringify({ ...cost, deadline }));
    for (const deadline of [null, world.clock.now() - 890]) {
      await budget(deadline);
      expect(await look()).toEqual({ did: [], trouble: [] });
    }
    await budget(world.clock.now() - 960);
    expect((await look()).did).toEqual(expect.arrayContaining(stopped));
    expect(causes).toEqual(['its budget was used up 16 minutes ago, and it still has nodes']);
  });

  test('has more batches on their way when more workers have come, and never fewer', async () => {
    const { world, look } = await goingOn();
    world.account.mapRuns.set('r-1', 6);
    expect((await look()).did).toEqual(['raise the concurrency of r-1 to that of 4 workers']);
    expect(world.account.mapRuns.get('r-1')).toBe(8);
    world.account.mapRuns.set('r-1', 100);
    expect((await look()).did).toEqual([]);
    expect(world.account.mapRuns.get('r-1')).toBe(100);
  });

  test('leaves alone what a run needs, what is young, and what somebody debugs from', async () => {
    const world = await abandoned();
    world.account.executions.get('r-1')!.state = 'running';
    world.clock.advance(3600);
    expect(await janitor(world)).toEqual({ did: [], trouble: [] });

    const idle = await newWorld();
    await walkRun(idle, eksRequest());
    const { bastions, licences } = idle.ports('r');
    await licences.put('next', Buffer.from(''));
    for (let looks = 0; looks < 5; looks++) await bastions.find('b');
    await bastions.start('b');
    for (let looks = 0; looks < 5; looks++) await bastions.find('b');
    idle.account.bastions.get('b')!.debuggedUntil = idle.clock.now() + 60;
    expect(await janitor(idle)).toEqual({ did: [], trouble: [] });
    idle.account.bastions.get('b')!.debuggedUntil = null;
    idle.clock.advance(601);
    const { did } = await janitor(idle);
    expect(did).toEqual(['remove the licence file of run next', 'stop bastion b']);
  });

  test('takes what cannot be asked for alive while any run is going on', async () => {
    const world = await abandoned();
    world.clock.advance(3600);
    world.account.refuse('reservations.list', new Unreachable('no answer from the cluster'));
    await world.ports('').executions.start('run', 'other-1', { run: 'other' });
    const { did, trouble } = await janitor(world);
    expect(trouble).toEqual(['check cluster c: no answer from the cluster']);
    expect(did).toEqual(['remove the licence file of run r']);
    expect(world.left()).toMatchObject({ nodes: [[2, 2]], workers: ['c/r-1'], queues: ['r-1'] });
  });

  test.each([new Unreachable('no answer from the cluster'), new AccessDenied('not allowed: list jobs')])(
    'gives nodes back that nobody can use, and goes on with the rest: %s',
    async (refusal) => {
      const world = await abandoned();
      world.clock.advance(3600);
      world.account.refuse('reservations.list', refusal);
      const { did, trouble } = await janitor(world);
      expect(trouble).toEqual([`check cluster c: ${refusal.message}`]);
      expect(did).toEqual([
        'scale down nodegroup gcd-m6i-large of c, which is unreachable',
        'remove the licence file of run r',
        'stop bastion b',
      ]);
      expect(world.left()).toMatchObject({ nodes: [[0, 0]], workers: ['c/r-1'], queues: ['r-1'] });
    },
  );
});
