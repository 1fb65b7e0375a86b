/** How many nodes each zone is asked for. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { spread, type Zone, zoneGroupNames } from '../../../../../../adapters/aws/eks/nodegroups/zones.ts';

const zone = (more: Partial<Zone> = {}): Zone => ({
  ...{ desired: 0, machines: 0, short: false, used: false },
  ...more,
});

describe('nodes are asked for', () => {
  test('in the first zone, as long as it gives them', () => {
    expect(spread([zone(), zone()], 3)).toEqual([3, 0]);
    expect(spread([zone({ desired: 3, machines: 3 }), zone()], 5)).toEqual([5, 0]);
    expect(spread([zone({ desired: 3, machines: 1 }), zone()], 3)).toEqual([3, 0]);
  });

  test('in the other zone, where the first has none left', () => {
    expect(spread([zone({ desired: 3, machines: 1, short: true }), zone()], 3)).toEqual([1, 2]);
    expect(spread([zone({ desired: 0, short: true }), zone({ desired: 2 })], 4)).toEqual([0, 4]);
  });

  test('without taking back what was asked for where somebody works', () => {
    const zones = [
      zone({ desired: 3, machines: 1, short: true, used: true }),
      zone({ desired: 0, used: true }),
    ];
    expect(spread(zones, 3)).toEqual([3, 2]);
    // Asked again, nothing is added.
    expect(spread([zones[0] as Zone, zone({ desired: 2, used: true })], 5)).toEqual([3, 4]);
    const given = [zone({ desired: 3, used: true }), zone({ desired: 2, machines: 2, used: true })];
    expect(spread(given, 3)).toEqual([3, 2]);
  });

  test('where they were, when no zone has any', () => {
    const zones = [zone({ desired: 0, short: true }), zone({ desired: 3, machines: 1, short: true })];
    expect(spread(zones, 3)).toEqual([0, 3]);
    expect(spread(zones, 4)).toEqual([1, 3]);
  });

  test('as many as wanted, and never fewer than there are where somebody works', () => {
    const some = fc.record({
      desired: fc.nat(9),
      machines: fc.nat(9),
      short: fc.boolean(),
      used: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(some, { minLength: 1, maxLength: 2 }), fc.nat(20), (zones, more) => {
        const sum = zones.reduce((all, { desired }) => all + desired, 0);
        const counts = spread(zones, sum + more);
        const asked = counts.reduce((all, count) => all + count, 0);
        expect(asked).toBeGreaterThanOrEqual(sum + more);
        for (const [index, { desired, machines, used }] of zones.entries())
          expect(counts[index]).toBeGreaterThanOrEqual(used ? desired : Math.min(desired, machines));
        if (zones.every(({ used }) => !used)) expect(asked).toBe(sum + more);
      }),
    );
  });

  test('fewer, to the end of the other zone before the first', () => {
    expect(spread([zone({ desired: 3 }), zone({ desired: 2 })], 4)).toEqual([3, 1]);
    expect(spread([zone({ desired: 3 }), zone({ desired: 2 })], 0)).toEqual([0, 0]);
  });
});

test('names are as long as EKS lets them be', () => {
  expect(zoneGroupNames('gcd-m6i-large')).toEqual(['gcd-m6i-large', 'gcd-m6i-large-2']);
  expect(zoneGroupNames('a'.repeat(63))[1]).toHaveLength(63);
});
