/**
 * Writes adapters/aws/prices/instances.json, the prices of machines that are taken when AWS cannot be asked:
 * `node scripts/price-snapshot.ts`. They come from the price list in Apache Libcloud (Apache License 2.0), a package of
 * PyPI. That list mixes in prices of dedicated machines, which are higher. In a family, prices go with the size, so each
 * family gets the lowest price per size that several of its types have.
 */
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sizeOf } from '../adapters/aws/prices/sizes.ts';
import { PypiTools } from './pypi-tools.ts';

const version = '3.9.1';
const region = 'us-east-1';
/** General purpose, compute and memory, from the fifth generation on, and burstable ones. */
const families = /^([cmr][5-9][a-z]*(-flex)?|t[2-9][a-z]*)$/;
const target = new URL('../adapters/aws/prices/instances.json', import.meta.url);

interface PriceFile {
  /** Seconds since 1970. */
  updated: number;
  compute: { ec2_linux: Record<string, Record<string, number>> };
}

const libcloud = new PypiTools(`libcloud-${version}`, [`apache-libcloud==${version}`]);
await libcloud.install();
if (process.exitCode === undefined) {
  const packages = join(libcloud.python, '../../lib');
  const [path = ''] = globSync(join(packages, 'python3*/site-packages/libcloud/data/pricing.json'));
  const file: PriceFile = JSON.parse(readFileSync(path, 'utf8'));
  const large: Record<string, number> = {};
  const types = Object.entries(file.compute.ec2_linux);
  for (const [family = '', members] of Map.groupBy(types, ([type]) => type.split('.')[0])) {
    const price = families.test(family) && lowestShared(members);
    if (price) large[family] = price;
  }
  const list = {
    of: `EC2, on demand, Linux, ${region}; US dollars an hour for the size large`,
    date: new Date(file.updated * 1000).toISOString().slice(0, 10),
    source: `the price list in apache-libcloud ${version} of PyPI`,
    license: 'Apache-2.0',
    large: Object.fromEntries(Object.entries(large).sort(([a], [b]) => (a < b ? -1 : 1))),
  };
  writeFileSync(target, `${JSON.stringify(list, null, 2)}\n`);
}

/** Undefined when no two types agree. */
function lowestShared(members: [string, Record<string, number>][]): number | undefined {
  const counts = new Map<number, number>();
  for (const [type, prices] of members) {
    const size = sizeOf(type);
    const price = prices[region];
    if (size === undefined || !price) continue;
    const ofLarge = Number((price / size).toFixed(4));
    counts.set(ofLarge, (counts.get(ofLarge) ?? 0) + 1);
  }
  const shared = [...counts].filter(([, count]) => count > 1).map(([price]) => price);
  return shared.length > 0 ? Math.min(...shared) : undefined;
}
