/** What every adapter of Clusters must do. */
import { describe, expect, test } from '@jest/globals';
import { clusterParts } from '../../../core/cluster.ts';
import { AlreadyThere, InUse } from '../../../core/errors/errors.ts';
import type { Clusters } from '../../../ports/cluster/clusters.ts';
import type { Nodegroups } from '../../../ports/cluster/nodegroups.ts';
import { nodegroupWanted } from './nodegroups.ts';
import { until } from './poll-until.ts';

/** @param make makes an account without clusters */
export function clustersSuite(
  name: string,
  make: () => { clusters: Clusters; nodegroups: Nodegroups },
): void {
  const wanted = (version: string) => ({ name: 'c', version, tags: { project: 'p', managedBy: 'gcd-sfn' } });
  const active = (clusters: Clusters) =>
    until(
      () => clusters.find('c'),
      (seen) => seen?.status === 'active',
    );

  describe(`Clusters: ${name}`, () => {
    test('makes one of the newest version, which is ours, and active after a while', async () => {
      const { clusters } = make();
      expect(await clusters.find('c')).toBeUndefined();
      const version = await clusters.newestVersion();
      expect(version).toMatch(/^1\.\d+$/);
      await clusters.create(wanted(version));
      expect(await active(clusters)).toMatchObject({
        ...{ name: 'c', version, ours: true, problems: [] },
        // They cost money.
        logs: [],
      });
    });

    test('keeps the logs that are wanted, from the beginning or later', async () => {
      const { clusters } = make();
      await clusters.create({ ...wanted('1.34'), logs: ['audit'] });
      expect((await active(clusters))?.logs).toEqual(['audit']);
      await clusters.keepLogs('c', ['audit', 'authenticator']);
      await clusters.keepLogs('c', ['audit', 'authenticator']);
      const later = await until(
        () => clusters.find('c'),
        (seen) => seen?.logs.length === 2,
      );
      expect(new Set(later?.logs)).toEqual(new Set(['audit', 'authenticator']));
    });

    test('refuses a second one of the name, whatever is seen of the first', async () => {
      const { clusters } = make();
      await clusters.create(wanted('1.34'));
      await expect(clusters.create(wanted('1.34'))).rejects.toThrow(AlreadyThere);
      await active(clusters);
      await expect(clusters.create(wanted('1.34'))).rejects.toThrow(AlreadyThere);
    });

    test('gets each part, once or twice', async () => {
      const { clusters } = make();
      await clusters.create(wanted('1.34'));
      for (const part of clusterParts) {
        await active(clusters);
        await clusters.equip('c', part);
        await clusters.equip('c', part);
      }
      const complete = await until(
        () => clusters.find('c'),
        (seen) => seen?.parts.length === clusterParts.length,
      );
      expect(new Set(complete?.parts)).toEqual(new Set(clusterParts));
    });

    test('gets all parts side by side', async () => {
      const { clusters } = make();
      await clusters.create(wanted('1.34'));
      await active(clusters);
      await Promise.all(clusterParts.map((part) => clusters.equip('c', part)));
      await until(
        () => clusters.find('c'),
        (seen) => seen?.parts.length === clusterParts.length,
      );
    });

    test('is removed after its nodegroups, and not twice', async () => {
      const { clusters, nodegroups } = make();
      await clusters.remove('c');
      await clusters.create(wanted('1.34'));
      await active(clusters);
      await nodegroups.create(nodegroupWanted);
      await expect(clusters.remove('c')).rejects.toThrow(InUse);
      await nodegroups.remove('c', 'g');
      await until(
        () => nodegroups.find('c', 'g'),
        (seen) => seen === undefined,
      );
      await clusters.remove('c');
      await clusters.remove('c');
      await until(
        () => clusters.find('c'),
        (seen) => seen === undefined,
      );
    });
  });
}
