/** What there is on AWS and what it costs, in lines for people. */
import { neutral } from '../view/neutral.ts';
import { table } from '../view/table.ts';
import { seconds } from '../view/units.ts';
import { thing } from './found-lines.ts';
import type { Priced, PricedAll } from './standing-costs.ts';

/** `$0.10`, `$0.0052`. */
export function dollars(amount: number): string {
  if (amount === 0) return '$0';
  return amount < 0.1 ? `$${Number(amount.toPrecision(2))}` : `$${amount.toFixed(2)}`;
}

export function pricedLines({ resources, cost, prices }: PricedAll): string[] {
  const lines = table(
    [
      { head: 'what' },
      { head: 'of cluster' },
      { head: 'there for', right: true },
      { head: 'an hour', right: true },
      { head: 'so far', right: true },
      { head: '' },
    ],
    resources.map((one) => [
      thing(one),
      one.cluster === null || one.kind === 'cluster' ? '' : neutral(one.cluster),
      one.age === null ? '' : seconds(one.age),
      one.cost.perHour > 0 ? dollars(one.cost.perHour) : '',
      one.cost.soFar > 0 ? dollars(one.cost.soFar) : '',
      remarks(one),
    ]),
  );
  if (!prices) return [...lines, '', 'nothing of it is billed by the hour; gcd-sfn cleanup --all removes it'];
  const source = prices.source === 'aws' ? "AWS's prices" : 'prices that came with this version';
  return [
    ...lines,
    '',
    `${dollars(cost.perHour)} an hour, about ${dollars(cost.soFar)} so far; ${source} of ${prices.date}`,
    'gcd-sfn cleanup --all removes it',
  ];
}

function remarks({ machines, going }: Priced): string {
  const types = Object.entries(machines).map(([type, number]) => `${number} × ${type}`);
  return [...types, ...(going ? ['being removed'] : [])].join(', ');
}
