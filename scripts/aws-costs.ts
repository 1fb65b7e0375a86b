/** The tables of docs/aws.md on money: the prices that come with this version, each with its day, and what a run costs by them. */
import { ofBurst, ofInstance, ofService, type Service } from '../adapters/aws/prices/bundled.ts';
import { vcpusOf } from '../adapters/aws/prices/sizes.ts';
import { bastionMachine } from '../core/bastion.ts';
import type { PriceList } from '../core/estimate/cost/price-list.ts';
import { estimate } from '../core/estimate/cost/run-cost.ts';

const instanceType = 'm6i.large';
/** A first run: image and cluster are made. */
const example = {
  ...{ nodes: 10, workersPerNode: 2, diskGiB: 30, hasBastion: true },
  ...{ batches: 200, tasks: 2000, files: 2000, repetitions: 1, builds: true, makesCluster: true },
  ...{ work: 2000 * 60, longest: 120 },
};

const services: Record<Service, string> = {
  clusterHour: 'EKS, a cluster in standard support, an hour',
  publicAddressHour: 'public IPv4 address, an hour',
  diskGiBMonth: 'disk (gp3), a GiB and month',
  buildMinute: "CodeBuild, a minute of the stack's size",
  transition: 'Step Functions, a transition',
  queueRequest: 'SQS, a request',
  storeWrite: 'S3, a write',
  storeGiBMonth: 'S3, a GiB and month',
  functionSecond: 'Lambda on arm64, a second with a GiB',
};

const dollars = (amount: number) =>
  `$${amount < 0.01 ? amount.toFixed(8).replace(/0+$/, '') : amount.toFixed(amount < 1 ? 4 : 2).replace(/(\.\d\d)00$/, '$1')}`;
const row = (...cells: string[]) => `| ${cells.join(' | ')} |`;

function instance(type: string) {
  const found = ofInstance(type);
  if (!found) throw new Error(`there is no bundled price of ${type}`);
  return found;
}

/** What is paid for, with the day of each price. */
export function prices(): string {
  const machines = [instanceType, bastionMachine.instanceType].map((type) => {
    const { price, date } = instance(type);
    return row(`EC2, \`${type}\` on demand, an hour`, dollars(price), date);
  });
  const rest = (Object.keys(services) as Service[]).map((name) => {
    const { price, date } = ofService(name);
    return row(services[name], dollars(price), date);
  });
  return [row('what', 'price', 'as of'), '|---|---|---|', ...machines, ...rest].join('\n');
}

/** What the example costs, by the hour and together. */
export function costs(): string {
  const list = priceList();
  const found = estimate(list, example);
  const parts = Object.entries(found.parts).map(([part, amount]) => row(part, dollars(amount)));
  const { low = 0, high = 0 } = found.dollars ?? {};
  const minutes = (seconds = 0) => Math.round(seconds / 60);
  return [
    row('for each hour with nodes', ''),
    '|---|---|',
    ...parts,
    row('**together**', `**${dollars(found.perHour)}**`),
    row('once: build, transitions, requests, functions', dollars(found.once)),
    row(
      `**the run, ${minutes(found.seconds?.low)} to ${minutes(found.seconds?.high)} minutes**`,
      `**${dollars(low)} to ${dollars(high)}**`,
    ),
  ].join('\n');
}

function priceList(): PriceList {
  const amounts = Object.fromEntries(
    (Object.keys(services) as Service[]).map((name) => [name, ofService(name).price]),
  ) as Record<Service, number>;
  const { price, date } = instance(instanceType);
  return {
    ...{ date, source: 'bundled', region: '', instanceHour: price, instanceVcpus: vcpusOf(instanceType) },
    burstVcpuHour: ofBurst(instanceType)?.price ?? 0,
    bastionHour: instance(bastionMachine.instanceType).price,
    ...amounts,
  };
}
