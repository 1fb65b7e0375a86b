/** How a cluster gets what workers need, and what does not wait for that. */
import { describe, expect, test } from '@jest/globals';
import type { ControlPlaneLog } from '../../../core/cluster.ts';
import { clusterParts } from '../../../core/cluster.ts';
import { AccessDenied } from '../../../core/errors/errors.ts';
import { ensureCluster } from '../../../functions/cluster/ensure-cluster.ts';
import { World } from '../../support/cloud/world.ts';

const want = { name: 'c', version: '1.34', tags: {} };

async function withCluster() {
  const world = new World();
  const ports = world.ports('');
  const since = world.clock.now();
  const look = (until?: 'begun' | 'equipped', logs: ControlPlaneLog[] = []) =>
    ensureCluster(ports)({ want: { ...want, logs }, since, ...(until !== undefined && { until }) });
  await ports.clusters.create(want);
  while ((await ports.clusters.find('c'))?.status !== 'active');
  const put: string[] = [];
  const equip = ports.clusters.equip.bind(ports.clusters);
  ports.clusters.equip = async (name, part) => {
    put.push(part);
    await equip(name, part);
  };
  return { world, look, put };
}

describe('an active cluster', () => {
  test('gets all its parts at once, and is ready when all of them work', async () => {
    const { look, put } = await withCluster();
    expect(await look()).toMatchObject({ state: 'pending' });
    expect(put).toEqual(clusterParts);
    let looks = 1;
    while ((await look()).state === 'pending') looks++;
    expect(looks).toBeLessThan(clusterParts.length);
    expect(new Set(put)).toEqual(new Set(clusterParts));
  });

  test('has its nodegroup begun as soon as its parts are', async () => {
    const { look, put } = await withCluster();
    expect(await look('begun')).toMatchObject({ state: 'ready' });
    expect(put).toEqual(clusterParts);
    expect(await look('equipped')).toMatchObject({ state: 'pending' });
    while ((await look('equipped')).state === 'pending');
    expect(await look('begun')).toMatchObject({ state: 'ready' });
  });

  test('keeps the logs that are wanted, beside those that somebody else wants', async () => {
    const { world, look } = await withCluster();
    world.account.clusters.get('c')!.logs = ['api'];
    while ((await look()).state === 'pending');
    expect(world.account.clusters.get('c')!.logs).toEqual(['api']);
    while ((await look(undefined, ['audit'])).state === 'pending');
    expect(world.account.clusters.get('c')!.logs).toEqual(['api', 'audit']);
  });

  test('begins the others, too, when one cannot be put there', async () => {
    const { world, look, put } = await withCluster();
    world.account.refuse('clusters.equip', new AccessDenied('eks:CreateAddon'));
    await expect(look()).rejects.toThrow(AccessDenied);
    expect(put).toEqual(clusterParts);
  });
});
