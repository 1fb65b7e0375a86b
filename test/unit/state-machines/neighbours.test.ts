/** Other stacks in the account, and the next execution of a run: what is theirs stays as it is. */
import { expect, test } from '@jest/globals';
import { NotOurs } from '../../../core/errors/errors.ts';
import { ensureCluster } from '../../../functions/cluster/ensure-cluster.ts';
import { sweep } from '../../../functions/janitor/sweep.ts';
import { releaseNodes } from '../../../functions/nodes/scale-down.ts';
import { stopReserved } from '../../../functions/workers/start-stop-workers-aws.ts';
import { eksRequest, newWorld, walkRun } from '../../support/cloud/run.ts';
import type { World } from '../../support/cloud/world.ts';

const ensure = (world: World, stack: string) =>
  ensureCluster(world.ports(''))({
    want: { name: 'c', version: null, tags: { managedBy: 'gcd-sfn', 'gcd-sfn:stack': stack } },
    since: world.clock.now(),
  });

test('a cluster of another stack is not taken for this one', async () => {
  const world = await newWorld();
  for (let looks = 0; looks < 4; looks++) await ensure(world, 'one');
  const parts = world.account.clusters.get('c')!.parts.size;
  await expect(ensure(world, 'two')).rejects.toThrow(NotOurs);
  await expect(ensure(world, 'two')).rejects.toThrow(/belongs to stack one/);
  expect(world.account.clusters.get('c')!.parts.size).toBe(parts);
  expect(await ensure(world, 'one')).toMatchObject({ state: expect.stringMatching(/pending|ready/) });
});

// Nor removed: what the inventory lists is of one stack (test/aws/inventory.test.ts).
test("another stack's cluster is not used for a run, whatever its request says of it", async () => {
  const world = await newWorld();
  for (let looks = 0; looks < 4; looks++) await ensure(world, 'one');
  const tags = { 'gcd-sfn:stack': 'two' };
  const { error, path } = await walkRun(world, eksRequest('r', { target: { cleanUp: true, tags } }));
  expect(error).toBeInstanceOf(NotOurs);
  for (const state of ['EnsureNodegroup', 'ReserveWorkers', 'ScaleNodes', 'DispatchBatches'])
    expect(path).not.toContain(state);
  expect(world.account.nodegroups.size).toBe(0);
});

test('a bastion that the inventory of this stack does not have is not stopped', async () => {
  const world = await newWorld();
  const ports = world.ports('');
  const tags = {};
  for (const name of ['mine', 'theirs']) {
    await ports.bastions.create({ name, cluster: 'c', tags });
    for (let looks = 0; looks < 4; looks++) await ports.bastions.find(name);
  }
  const inventory = Object.assign(Object.create(ports.inventory), {
    list: async () => (await ports.inventory.list({ cluster: null })).filter(({ name }) => name !== 'theirs'),
  });
  const { did } = await sweep({
    ...{ ...ports, inventory, releaseNodes: releaseNodes(ports) },
    storeOf: (run) => world.store(run),
  })({ idleSeconds: 600 });
  expect(did).toEqual(['stop bastion mine']);
});

test('the licence file that a resumed run has brought stays while what came before is ended', async () => {
  const world = await newWorld({}, []);
  const { executions, licences } = world.ports('');
  const stop = () => stopReserved(world.ports(''))({ run: 'r', execution: 'r-1', cluster: 'c' });
  await licences.put('r', Buffer.from('secret'));
  await executions.start('run', 'r-1', { run: 'r' });
  await executions.stop('r-1');
  world.clock.advance(600);

  // Brought again, and its execution begun.
  await licences.put('r', Buffer.from('secret'));
  await stop();
  expect(await licences.has('r')).toBe(true);
  await executions.start('run', 'r-2', { run: 'r' });
  world.clock.advance(600);
  await stop();
  expect(await licences.has('r')).toBe(true);

  await executions.stop('r-2');
  await stop();
  expect(await licences.has('r')).toBe(false);
});

test('an execution removes its own licence file, however new', async () => {
  const world = await newWorld({}, []);
  const { executions, licences } = world.ports('');
  await licences.put('r', Buffer.from('secret'));
  await executions.start('run', 'r-1', { run: 'r' });
  await stopReserved(world.ports(''))({ run: 'r', execution: 'r-1', cluster: 'c' });
  expect(await licences.has('r')).toBe(false);
});
