/** What there is on AWS and what it costs, in lines for people. */

import { formatDollars, formatDuration } from '../../../core/format/numbers.ts';
import { monthHours } from '../../../functions/cost/rates.ts';
import { escapeControlChars } from '../../terminal/escape-control-chars.ts';
import { table } from '../../terminal/table.ts';
import { sizeInWords } from './copied-data-sizes.ts';
import { thing } from './render-inventory.ts';
import type { Priced, PricedAll } from './standing-costs.ts';

/** `$0.0052`; empty for what costs nothing. */
const unlessFree = (amount: number): string =>
  formatDollars(amount) === formatDollars(0) ? '' : formatDollars(amount);

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
      one.cluster === null || one.kind === 'cluster' ? '' : escapeControlChars(one.cluster),
      one.age === null ? '' : formatDuration(one.age),
      unlessFree(one.cost.perHour),
      unlessFree(one.cost.soFar),
      remarks(one),
    ]),
  );
  if (!prices) return [...lines, '', 'nothing of it is billed by the hour; gcd-sfn cleanup --all removes it'];
  const source = prices.source === 'aws' ? "AWS's prices" : 'prices that came with this version';
  return [
    ...lines,
    '',
    `${formatDollars(cost.perHour)} an hour, about ${formatDollars(cost.soFar)} so far; ${source} of ${prices.date}`,
    'gcd-sfn cleanup --all removes it',
  ];
}

function remarks({ machines, size, cost, going }: Priced): string {
  const types = Object.entries(machines).map(([type, number]) => `${number} × ${type}`);
  const month = size ? [`${formatDollars(cost.perHour * monthHours)} a month`] : [];
  return [...types, ...month, ...(going ? ['being removed'] : [])].join(', ');
}
