/** How many nodes there are, with several runs in the ledger. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { InUse } from '../../../core/errors/errors.ts';
import type { Step } from '../../../core/step.ts';
import { ensureNodegroup } from '../../../functions/nodes/ensure-nodegroup.ts';
import { releaseNodes } from '../../../functions/nodes/scale-down.ts';
import { scaleNodes } from '../../../functions/nodes/scale-nodes.ts';
import type { NodegroupSpec } from '../../../ports/cluster/nodegroups.ts';
import { World } from '../../support/cloud/world.ts';

const wanted: NodegroupSpec = {
  ...{ cluster: 'c', name: 'g', instanceType: 'm6i.large', spot: false, amiType: 'AL2023_x86_64_STANDARD' },
  ...{ maxNodes: 100, diskGiB: 20, tags: {} },
};
const want = { cluster: 'c', nodegroup: 'g', waitSeconds: 600 };

async function settled<Ready>(look: () => Promise<Step<Ready>>): Promise<{ state: 'ready' } & Ready> {
  for (let looks = 0; looks < 50; looks++) {
    const step = await look();
    if (step.state === 'ready') return step;
  }
  throw new Error('it never is ready');
}

/** A cluster with a nodegroup, and these runs' reservations, made in this order. */
async function withRuns(nodes: Record<string, number>, maxNodes = 100) {
  const world = new World();
  const ports = world.ports('');
  await ports.clusters.create({ name: 'c', version: '1.34', tags: {} });
  await settled(() => ensureNodegroup(ports)({ want: { ...wanted, maxNodes }, since: world.clock.now() }));
  for (const [run, count] of Object.entries(nodes)) await reserve(run, count);
  async function reserve(run: string, count: number) {
    world.clock.advance(1);
    const rest = { workersPerNode: 1, image: '', queueUrl: '' };
    const pod = { env: {}, memoryBytes: null, licenceTarget: null, patch: {} };
    const base = { run, execution: `${run}-1`, cluster: 'c', nodegroup: 'g', nodes: count, slots: count };
    await ports.reservations.reserve({ ...base, ...rest, pod });
  }
  const since = world.clock.now();
  return {
    world,
    ports,
    reserve,
    group: () => world.account.nodegroups.get('c/g')!,
    scale: (run: string) => scaleNodes(ports)({ execution: `${run}-1`, want, since }),
    release: (run: string) => releaseNodes(ports)({ execution: `${run}-1`, want }),
    start: async (run: string) => {
      await ports.reservations.start('c', `${run}-1`);
      await ports.reservations.list('c');
    },
  };
}

describe('the limits of a stack', () => {
  const limits = { maxNodes: 3, instanceTypes: 'm*', maxDiskGiB: 100 };

  test.each([
    [{ instanceType: 'p5.48xlarge' }, 'InstanceTypes is m*'],
    [{ diskGiB: 16_384 }, 'MaxDiskGiB is 100'],
  ])('a nodegroup with %j is not made', async (more, message) => {
    const { world, ports } = await withRuns({});
    const asked = { want: { ...wanted, name: 'other', ...more }, since: world.clock.now() };
    const fault = { name: 'LimitExceeded', message: expect.stringContaining(message) };
    await expect(ensureNodegroup({ ...ports, limits })(asked)).rejects.toMatchObject(fault);
    expect([...world.account.nodegroups.keys()]).toEqual(['c/g']);
  });

  test('a nodegroup gets no higher maximum', async () => {
    const world = new World();
    const ports = { ...world.ports(''), limits };
    await ports.clusters.create({ name: 'c', version: '1.34', tags: {} });
    const asked = { want: { ...wanted, maxNodes: 1000 }, since: world.clock.now() };
    await settled(() => ensureNodegroup(ports)(asked));
    expect(world.account.nodegroups.get('c/g')).toMatchObject({ maxNodes: 3 });
  });

  test('one that may have more, from before, gets no more nodes, whatever is reserved; nor does its shrinking give some', async () => {
    const { world, ports, group } = await withRuns({ a: 2, b: 90 }, 100);
    const bounded = { ...ports, limits };
    const scale = () => scaleNodes(bounded)({ execution: 'b-1', want, since: world.clock.now() });
    for (let looks = 0; looks < 5; looks++) await scale();
    expect(group().desired).toBe(3);
    await settled(() => releaseNodes(bounded)({ execution: 'a-1', want }));
    expect(group().desired).toBe(3);
  });

  test.each([[{ instanceType: 'p5.48xlarge' }], [{ diskGiB: 16_384 }]])(
    'one with %j, from before, gets none',
    async (more) => {
      const { world, ports, group } = await withRuns({ a: 2 });
      Object.assign(group(), more);
      const asked = { execution: 'a-1', want, since: world.clock.now() };
      await expect(scaleNodes({ ...ports, limits })(asked)).rejects.toMatchObject({ name: 'LimitExceeded' });
      expect(group().desired).toBe(0);
    },
  );

  test('one whose disks are larger is made anew when no run uses it', async () => {
    const { world, ports, group } = await withRuns({});
    group().diskGiB = 16_384;
    await settled(() => ensureNodegroup({ ...ports, limits })({ want: wanted, since: world.clock.now() }));
    expect(group()).toMatchObject({ diskGiB: 20 });
  });
});

describe('nodes', () => {
  test('are asked for once for the sum of the runs, and counted for those that came first', async () => {
    const { world, scale, group } = await withRuns({ a: 2, b: 3 });
    expect(await scale('b')).toMatchObject({ state: 'pending', detail: '5 nodes are requested' });
    world.account.capacity = { nodes: 3, problem: { kind: 'capacity', message: 'no more' } };
    expect(await scale('b')).toMatchObject({ state: 'pending' });
    expect(await settled(() => scale('a'))).toEqual({ state: 'ready', nodes: 2, wanted: 2, detail: '' });
    expect(await scale('b')).toMatchObject({ state: 'pending', detail: '1 of 3 nodes are ready: no more' });
    world.clock.advance(600);
    expect(await scale('b')).toEqual({ state: 'ready', nodes: 1, wanted: 3, detail: 'no more' });
    expect(group().desired).toBe(5);
  });

  test('that one zone does not have are asked for again, for another to give them', async () => {
    const { world, ports, scale, group } = await withRuns({ a: 3 });
    world.account.capacity = { nodes: 1, problem: { kind: 'capacity', message: 'no more' } };
    const asked: unknown[] = [];
    const resize = ports.nodegroups.resize.bind(ports.nodegroups);
    ports.nodegroups.resize = async (cluster, name, size) => {
      asked.push(size);
      return resize(cluster, name, size);
    };
    for (let looks = 0; looks < 3; looks++) expect(await scale('a')).toMatchObject({ state: 'pending' });
    expect(asked.length).toBeGreaterThan(1);
    for (const size of asked) expect(size).toEqual({ desired: 3 });
    expect(group().desired).toBe(3);
  });

  test("never are more than the group's maximum; a run that gets none waits, and says for whom", async () => {
    const { scale, world, group } = await withRuns({ a: 4, b: 2 }, 4);
    expect(await settled(() => scale('a'))).toMatchObject({ nodes: 4 });
    expect(await scale('b')).toMatchObject({
      detail: "0 of 2 nodes are ready: the nodegroup's 4 nodes are used by a",
    });
    world.clock.advance(600);
    await expect(scale('b')).rejects.toThrow(
      "no node was ready after 600 s: the nodegroup's 4 nodes are used by a",
    );
    expect(group().desired).toBe(4);
  });

  test('of a run that ends go when nobody is on them, and all of them after the last', async () => {
    const { world, scale, release, start, group, ports } = await withRuns({ a: 2, b: 3 });
    await settled(() => scale('b'));
    await start('a');
    await start('b');
    await ports.reservations.stop('c', 'a-1', 'drain');
    // Its workers still write: their nodes stay.
    expect(await release('a')).toMatchObject({ state: 'ready' });
    expect(group().desired).toBe(5);
    while (world.account.reservations.has('c/a-1')) await ports.reservations.list('c');
    const busy = world.account.reservations.get('c/b-1')!.nodeNames;
    await settled(() => release('a'));
    expect([group().desired, [...group().nodes.keys()]]).toEqual([3, busy]);
    await ports.reservations.stop('c', 'b-1', 'now');
    await settled(() => release('b'));
    expect([group().desired, group().nodes.size]).toEqual([0, 0]);
  });

  test('that a run found while another was giving them back, it gets back', async () => {
    const { release, reserve, scale, group, ports } = await withRuns({ a: 2 });
    await settled(() => scale('a'));
    await ports.reservations.stop('c', 'a-1', 'now');
    const late = releaseNodes({
      ...ports,
      nodegroups: Object.assign(Object.create(ports.nodegroups), {
        find: async (cluster: string, name: string) => {
          const found = await ports.nodegroups.find(cluster, name);
          // After it has looked at the ledger: a new run comes, and finds the nodes ready.
          await reserve('b', 2);
          expect(await scale('b')).toMatchObject({ state: 'ready', nodes: 2 });
          return found;
        },
        resize: ports.nodegroups.resize.bind(ports.nodegroups),
        nodes: ports.nodegroups.nodes.bind(ports.nodegroups),
      }),
    })({ execution: 'a-1', want });
    expect(await late).toMatchObject({ state: 'pending' });
    expect(group().desired).toBe(0);
    await settled(() => release('a'));
    expect(group().desired).toBe(2);
  });

  test('are as many as the live runs need, whatever the order of their comings and goings', async () => {
    const event = fc.record({ run: fc.constantFrom('a', 'b', 'c'), nodes: fc.integer({ min: 1, max: 4 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(event, { maxLength: 12 }), async (events) => {
        const { ports, reserve, scale, release, start, group, world } = await withRuns({});
        const live = new Map<string, number>();
        for (const { run, nodes } of events) {
          if (live.has(run)) {
            live.delete(run);
            await ports.reservations.stop('c', `${run}-1`, 'now');
            await settled(() => release(run));
          } else {
            live.set(run, nodes);
            await reserve(run, nodes);
            await settled(() => scale(run));
            await start(run);
          }
          const sum = [...live.values()].reduce((total, count) => total + count, 0);
          expect(group().desired).toBe(sum);
          for (const [one, count] of live)
            expect(world.account.reservations.get(`c/${one}-1`)?.nodeNames).toHaveLength(count);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('a nodegroup of another kind', () => {
  const other = { ...wanted, instanceType: 'm7g.large', amiType: 'AL2023_ARM_64_STANDARD' };

  test('is replaced when no run uses it', async () => {
    const { ports, world, group } = await withRuns({});
    await settled(() => ensureNodegroup(ports)({ want: other, since: world.clock.now() }));
    expect(group()).toMatchObject({ instanceType: 'm7g.large', amiType: 'AL2023_ARM_64_STANDARD' });
  });

  test('is left alone, with the reason, when one does', async () => {
    const { ports, world, group } = await withRuns({ a: 1 });
    await expect(ensureNodegroup(ports)({ want: other, since: world.clock.now() })).rejects.toThrow(InUse);
    expect(group().instanceType).toBe('m6i.large');
  });

  test('with smaller disks than wanted is replaced when no run uses it, and does when one does', async () => {
    const larger = { ...wanted, diskGiB: 60 };
    const used = await withRuns({ a: 1 });
    await settled(() => ensureNodegroup(used.ports)({ want: larger, since: used.world.clock.now() }));
    expect(used.group().diskGiB).toBe(20);
    const idle = await withRuns({});
    await settled(() => ensureNodegroup(idle.ports)({ want: larger, since: idle.world.clock.now() }));
    expect(idle.group().diskGiB).toBe(60);
    await settled(() => ensureNodegroup(idle.ports)({ want: wanted, since: idle.world.clock.now() }));
    expect(idle.group().diskGiB).toBe(60);
  });

  test('whose machines have an old image is replaced when no run uses it', async () => {
    const day = 86_400;
    const { ports, world, group, reserve } = await withRuns({});
    const ensure = () => settled(() => ensureNodegroup(ports)({ want: wanted, since: world.clock.now() }));
    const { since } = group();
    world.clock.advance(20 * day);
    await ensure();
    expect(group().since).toBe(since);
    world.clock.advance(20 * day);
    await reserve('a', 1);
    await ensure();
    expect(group().since).toBe(since);
    await ports.reservations.stop('c', 'a-1', 'now');
    await ensure();
    expect(group().since).toBeGreaterThanOrEqual(since + 40 * day);
  });

  test('that is degraded, whose maximum cannot be raised, does with what it has', async () => {
    const { ports, world, group } = await withRuns({}, 2);
    group().problems = [{ kind: 'capacity', message: 'none' }];
    const resize = ports.nodegroups.resize.bind(ports.nodegroups);
    ports.nodegroups.resize = async () => undefined;
    await settled(() => ensureNodegroup(ports)({ want: wanted, since: world.clock.now() }));
    expect(group().maxNodes).toBe(2);
    ports.nodegroups.resize = resize;
    await settled(() => ensureNodegroup(ports)({ want: wanted, since: world.clock.now() }));
    expect(group().maxNodes).toBe(100);
  });

  test('one that failed is made anew; one whose quota failed it is not', async () => {
    const { ports, world, group } = await withRuns({});
    Object.assign(group(), {
      status: 'failed',
      becoming: null,
      problems: [{ kind: 'other', message: 'odd' }],
    });
    await settled(() => ensureNodegroup(ports)({ want: wanted, since: world.clock.now() }));
    expect(group()).toMatchObject({ status: 'active', problems: [] });
    Object.assign(group(), { status: 'failed', problems: [{ kind: 'quota', message: 'too many vCPUs' }] });
    await expect(ensureNodegroup(ports)({ want: wanted, since: world.clock.now() })).rejects.toThrow(
      'too many vCPUs',
    );
  });
});
