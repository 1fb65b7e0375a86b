import { describe, expect, test } from '@jest/globals';
import { chooseZones } from '../../../../functions/zones/choose-zones.ts';

const choose = async (ids: string[], before: string[] = []) => {
  const zones = { list: async () => ids.map((id) => ({ id, name: `name-of-${id}` })) };
  const { first, second } = await chooseZones({ zones })({ before });
  expect(first.name).toBe(`name-of-${first.id}`);
  return [first.id, second.id];
};

describe('the zones of the network', () => {
  test('are the first two by id, whatever an account calls them', async () => {
    expect(await choose(['euw1-az3', 'euw1-az1', 'euw1-az2'])).toEqual(['euw1-az1', 'euw1-az2']);
  });

  test.each([
    [
      ['use1-az3', 'use1-az2', 'use1-az6'],
      ['use1-az2', 'use1-az6'],
    ],
    [
      ['usw1-az1', 'usw1-az2', 'usw1-az3'],
      ['usw1-az1', 'usw1-az3'],
    ],
    [
      ['cac1-az1', 'cac1-az3', 'cac1-az2'],
      ['cac1-az1', 'cac1-az2'],
    ],
  ])('are none that EKS refuses: of %j', async (ids, chosen) => {
    expect(await choose(ids)).toEqual(chosen);
  });

  test('stay what they were, in their order, also when there are new ones', async () => {
    const all = ['x1-az1', 'x1-az2', 'x1-az3', 'x1-az4'];
    expect(await choose(all, ['x1-az4', 'x1-az2'])).toEqual(['x1-az4', 'x1-az2']);
    expect(await choose(all, ['x1-az2', 'x1-az3'])).toEqual(['x1-az2', 'x1-az3']);
  });

  test('are missed in a sentence', async () => {
    await expect(choose(['usw1-az1', 'usw1-az2'])).rejects.toThrow(
      "EKS needs two zones, and of this region's usw1-az1, usw1-az2 it can use 1",
    );
    await expect(choose([])).rejects.toThrow('none');
  });
});
