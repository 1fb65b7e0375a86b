/** What every adapter of Bastions must do. */
import { describe, expect, test } from '@jest/globals';
import { AlreadyThere } from '../../../core/errors/errors.ts';
import type { Bastion, Bastions } from '../../../ports/cluster/bastions.ts';
import { until } from './poll-until.ts';

/** @param make makes an account without bastions */
export function bastionsSuite(name: string, make: () => Bastions): void {
  const wanted = { name: 'b', cluster: 'c', tags: { project: 'p', managedBy: 'gcd-sfn' } };
  const become = (bastions: Bastions, status: Bastion['status']) =>
    until(
      () => bastions.find('b'),
      (seen) => seen?.status === status,
    );

  describe(`Bastions: ${name}`, () => {
    test('makes one that runs after a while, stops, and starts again', async () => {
      const bastions = make();
      expect(await bastions.find('b')).toBeUndefined();
      await bastions.create(wanted);
      expect(await become(bastions, 'running')).toEqual({
        name: 'b',
        status: 'running',
        debuggedUntil: null,
      });
      await expect(bastions.create(wanted)).rejects.toThrow(AlreadyThere);
      await bastions.start('b');
      expect(await bastions.list()).toHaveLength(1);
      await bastions.stop('b');
      await become(bastions, 'stopped');
      await bastions.stop('b');
      await bastions.start('b');
      await become(bastions, 'running');
    });

    test('a lease has an end, is made longer but not shorter, and is given up', async () => {
      const bastions = make();
      await bastions.create(wanted);
      await become(bastions, 'running');
      const until = async () => (await bastions.find('b'))?.debuggedUntil;
      await bastions.lease('b', 1_800_000_000);
      expect(await until()).toBe(1_800_000_000);
      await bastions.lease('b', 1_800_003_600.7);
      expect(await until()).toBeCloseTo(1_800_003_600, -1);
      await bastions.lease('b', 1_700_000_000);
      expect(await until()).toBeGreaterThan(1_800_003_599);
      await bastions.endLease('b');
      expect(await until()).toBeNull();
      await bastions.endLease('b');
    });

    test('a lease on what is not there is no error', async () => {
      const bastions = make();
      await bastions.lease('b', 1_800_000_000);
      await bastions.endLease('b');
      expect(await bastions.find('b')).toBeUndefined();
    });

    test('what is not there is neither stopped nor removed, without an error', async () => {
      const bastions = make();
      await bastions.stop('b');
      await bastions.remove('b');
      expect(await bastions.list()).toEqual([]);
    });

    test('after one was removed, another of the name can be made, seen or not', async () => {
      const bastions = make();
      await bastions.create(wanted);
      await become(bastions, 'running');
      await bastions.remove('b');
      await bastions.remove('b');
      expect([undefined, 'removed']).toContain((await bastions.find('b'))?.status);
      expect(await bastions.list()).toEqual([]);
      await bastions.create(wanted);
      await become(bastions, 'running');
    });
  });
}
