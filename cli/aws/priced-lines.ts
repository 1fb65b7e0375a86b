/** What there is on AWS and what it costs, in lines for people. */
import { monthHours } from '../../functions/cost/rates.ts';
import { neutral } from '../view/neutral.ts';
import { table } from '../view/table.ts';
import { seconds } from '../view/units.ts';
import { inMonth, sizeInWords } from './copied-sizes.ts';
import { thing } from './found-lines.ts';
import type { Priced, PricedAll } from './standing-costs.ts';

/** `$0.10`, `$0.0052`. */
export function dollars(amount: number): string {
  // Less than a cent a week.
  if (amount < 0.00005) return '$0';
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
      thing(one) + sizeInWords(one),
      one.cluster === null || one.kind === 'cluster' ? '' : neutral(one.cluster),
      one.age === null ? '' : seconds(one.age),
      one.cost.perHour >= 0.00005 ? dollars(one.cost.perHour) : '',
      one.cost.soFar >= 0.00005 ? dollars(one.cost.soFar) : '',
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

function remarks({ machines, size, cost, going }: Priced): string {
  const types = Object.entries(machines).map(([type, number]) => `${number} × ${type}`);
  const month = size ? [inMonth(cost.perHour * monthHours)] : [];
  return [...types, ...month, ...(going ? ['being removed'] : [])].join(', ');
}
