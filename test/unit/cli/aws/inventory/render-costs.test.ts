/** What the things on AWS cost, and how that is said. */
import { describe, expect, test } from '@jest/globals';
import { renderCosts } from '../../../../../cli/aws/inventory/render-costs.ts';
import { renderInventory } from '../../../../../cli/aws/inventory/render-inventory.ts';
import { priceResources } from '../../../../../cli/aws/inventory/standing-costs.ts';
import type { Found } from '../../../../../cli/aws/inventory/take-inventory.ts';
import type { PriceList } from '../../../../../core/estimate/cost/price-list.ts';
import type { Prices } from '../../../../../ports/account/prices.ts';
import type { RunningMachine } from '../../../../../ports/cluster/machines.ts';

const hour = 3600;
const now = 1_800_000_000;
const list: PriceList = {
  ...{ date: '2026-11-22', source: 'aws', region: 'us-west-2' },
  ...{ instanceHour: 1, instanceVcpus: 2, burstVcpuHour: 0, bastionHour: 0.5, clusterHour: 0.1 },
  ...{ diskGiBMonth: 0.073, publicAddressHour: 0.005, buildMinute: 0, transition: 0, queueRequest: 0 },
  ...{ storeWrite: 0, storeGiBMonth: 0.023, functionSecond: 0 },
};
const asked: string[] = [];
const prices: Prices = {
  async list(_region, instanceType, spot) {
    asked.push(`${instanceType} ${spot}`);
    return { ...list, instanceHour: spot ? 0.3 : 1 };
  },
};
const found = (kind: Found['kind'], name: string, cluster: string | null, age: number | null): Found => ({
  ...{ kind, name, cluster, age },
  going: false,
  since: age === null ? null : now - age,
});
const machine = (more: Partial<RunningMachine> = {}): RunningMachine => ({
  ...{ cluster: 'c', nodegroup: 'g', instanceType: 'm6i.large', spot: false, diskGiB: 100 },
  since: now - 2 * hour,
  ...more,
});
const region = 'us-west-2';

describe('priceResources', () => {
  test('a cluster costs since it was made, its machines since they were started', async () => {
    const all = await priceResources(
      [
        found('nodegroup', 'g', 'c', 50 * hour),
        found('cluster', 'c', 'c', 10 * hour),
        found('image', 'd', null, 50 * hour),
      ],
      [machine(), machine({ since: now - hour }), machine({ nodegroup: 'other' }), machine({ cluster: 'd' })],
      { prices, region, now },
    );
    const [group, cluster, image] = all.resources;
    // A machine, its address and 100 GiB of disk: a hundredth of a dollar an hour.
    expect(group?.cost.perHour).toBeCloseTo(2 * (1 + 0.005 + 0.01), 10);
    expect(group?.cost.soFar).toBeCloseTo(3 * (1 + 0.005 + 0.01), 10);
    expect(group?.machines).toEqual({ 'm6i.large': 2 });
    expect(cluster?.cost).toEqual({ perHour: 0.1, soFar: 1 });
    expect(image?.cost).toEqual({ perHour: 0, soFar: 0 });
    expect(all.cost.perHour).toBeCloseTo(2 * 1.015 + 0.1, 10);
    expect(all.prices).toEqual({ date: '2026-11-22', source: 'aws' });
  });

  test('copied data costs by the month, and is told with its size', async () => {
    const data = { ...found('data', 'pv-1', null, 10 * hour), size: { files: 3, bytes: 100 * 1024 ** 3 } };
    const all = await priceResources([data], [], { prices, region, now });
    expect(all.cost.perHour).toBeCloseTo((100 * 0.023) / 730, 10);
    expect(all.cost.soFar).toBeCloseTo((10 * 100 * 0.023) / 730, 10);
    expect(renderCosts(all).join('\n')).toMatch(/copied data of pv-1, 3 files, 100 GiB .*\$2\.30 a month/);
    const small = { ...data, size: { files: 1, bytes: 5 } };
    const lines = renderCosts(await priceResources([small], [], { prices, region, now })).join('\n');
    expect(lines).toMatch(/copied data of pv-1, 1 file, \d+ B .*\$0\.00 a month/);
    expect(lines).not.toMatch(/e-\d/);
    expect(renderInventory([data], 0.023).join('\n')).toMatch(/pv-1, 3 files, 100 GiB .*\$2\.30 a month/);
  });

  test('spot machines have their own price, and a bastion its own', async () => {
    asked.length = 0;
    const machines = [machine({ spot: true }), machine({ nodegroup: null, instanceType: 't3.micro' })];
    const all = await priceResources(
      [found('nodegroup', 'g', 'c', hour), found('bastion', 'b', 'c', hour)],
      machines,
      { prices, region, now },
    );
    expect(all.resources[0]?.cost.perHour).toBeCloseTo(0.3 + 0.005 + 0.01, 10);
    expect(all.resources[1]?.cost.perHour).toBeCloseTo(0.5 + 0.005 + (8 * 0.073) / 730, 10);
    expect(asked.sort()).toEqual(['m6i.large true', 't3.micro false']);
  });

  test('nobody is asked for prices when nothing is billed by the hour', async () => {
    asked.length = 0;
    const all = await priceResources([found('image', 'd', null, null)], [], { prices, region, now });
    expect(all.prices).toBeNull();
    expect(asked).toEqual([]);
    expect(renderCosts(all).at(-1)).toContain('nothing here is billed by the hour');
  });
});

test('renderCosts says what each thing is, has and costs', async () => {
  const all = await priceResources(
    [found('nodegroup', 'g', 'c', 5 * hour), { ...found('cluster', 'c', 'c', 10 * hour), going: true }],
    [machine()],
    { prices, region, now },
  );
  const lines = renderCosts(all);
  expect(lines[1]).toMatch(/^nodegroup g +c +5 h +\$1\.02 +\$2\.03 +1 × m6i\.large$/);
  expect(lines[2]).toMatch(/^cluster c +10 h +\$0\.10 +\$1\.00 +being deleted$/);
  expect(lines.at(-2)).toMatch(/^\$1\.12 an hour, about \$3\.03 so far; AWS's prices of 2026-11-22$/);
});
