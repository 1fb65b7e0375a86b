/** What every adapter of Nodegroups must do. */
import { describe, expect, test } from '@jest/globals';
import { AlreadyThere, NotFound } from '../../../core/errors/errors.ts';
import type { NodegroupSpec, Nodegroups } from '../../../ports/cluster/nodegroups.ts';
import { until } from './poll-until.ts';

export const nodegroupWanted: NodegroupSpec = {
  cluster: 'c',
  name: 'g',
  instanceType: 'm6i.large',
  spot: false,
  amiType: 'AL2023_x86_64_STANDARD',
  maxNodes: 10,
  diskGiB: 20,
  tags: { project: 'p', managedBy: 'gcd-sfn' },
};

/** @param make makes an account with an active cluster `c` without nodegroups */
export function nodegroupsSuite(name: string, make: () => Promise<Nodegroups>): void {
  const active = (groups: Nodegroups) =>
    until(
      () => groups.find('c', 'g'),
      (seen) => seen?.status === 'active',
    );
  const ready = (groups: Nodegroups, count: number) =>
    until(
      () => groups.nodes('c', 'g'),
      ({ nodes }) => nodes.length === count && nodes.every((node) => node.ready),
    );

  describe(`Nodegroups: ${name}`, () => {
    test('makes one without nodes, as it was wanted', async () => {
      const groups = await make();
      expect(await groups.list('c')).toEqual([]);
      expect(await groups.list('nowhere')).toEqual([]);
      await groups.create(nodegroupWanted);
      await expect(groups.create(nodegroupWanted)).rejects.toThrow(AlreadyThere);
      const { cluster: _, tags: __, ...shown } = nodegroupWanted;
      const since = expect.any(Number);
      expect(await active(groups)).toEqual({ ...shown, since, desired: 0, status: 'active', problems: [] });
      expect((await active(groups))?.since).toBeGreaterThan(1_700_000_000);
      expect((await groups.list('c')).map((group) => group.name)).toEqual(['g']);
      expect(await groups.nodes('c', 'g')).toEqual({ nodes: [], missing: [] });
    });

    test('has as many nodes as were asked for, ready after a while, and fewer when told so', async () => {
      const groups = await make();
      await groups.create(nodegroupWanted);
      await active(groups);
      await groups.resize('c', 'g', { desired: 3 });
      const { nodes } = await ready(groups, 3);
      expect(new Set(nodes.map((node) => node.name)).size).toBe(3);
      expect(nodes[0]?.since).toBeGreaterThan(1_700_000_000);
      await groups.resize('c', 'g', { desired: 0 });
      await ready(groups, 0);
      expect(await groups.find('c', 'g')).toMatchObject({ desired: 0 });
      await groups.resize('c', 'g', { maxNodes: 20 });
      expect(await active(groups)).toMatchObject({ desired: 0, maxNodes: 20 });
      await expect(groups.resize('c', 'none', { desired: 1 })).rejects.toThrow(NotFound);
    });

    test('ends the very nodes that it is told, once, and asks for no new ones', async () => {
      const groups = await make();
      await groups.create(nodegroupWanted);
      await active(groups);
      await groups.resize('c', 'g', { desired: 3 });
      const { nodes } = await ready(groups, 3);
      const [first = '', second = '', third = ''] = nodes.map((node) => node.name);
      await groups.terminate('c', 'g', [second]);
      await groups.terminate('c', 'g', [second]);
      const left = await ready(groups, 2);
      expect(left.nodes.map((node) => node.name).sort()).toEqual([first, third].sort());
      expect(await groups.find('c', 'g')).toMatchObject({ desired: 2 });
      await groups.terminate('c', 'g', [first]);
      expect((await ready(groups, 1)).nodes.map((node) => node.name)).toEqual([third]);
    });

    test('is removed with its nodes, and not twice', async () => {
      const groups = await make();
      await groups.remove('c', 'g');
      await groups.create(nodegroupWanted);
      await active(groups);
      await groups.resize('c', 'g', { desired: 1 });
      await groups.remove('c', 'g');
      await groups.remove('c', 'g');
      await until(
        () => groups.find('c', 'g'),
        (seen) => seen === undefined,
      );
      expect(await groups.nodes('c', 'g')).toEqual({ nodes: [], missing: [] });
    });
  });
}
