/** Renders the inventory with its costs as a table. */

import { monthHours } from '../../../core/estimate/cost/hourly-cost.ts';
import { formatDollars, formatDuration } from '../../../core/format/numbers.ts';
import { escapeControlChars } from '../../terminal/escape-control-chars.ts';
import { table } from '../../terminal/table.ts';
import { monthlyPrice, sizeSuffix } from './copied-data-sizes.ts';
import { resourceLabel } from './render-inventory.ts';
import type { PricedInventory, PricedResource } from './standing-costs.ts';

/** `$0.0052`; empty for what costs nothing. */
const unlessFree = (amount: number): string =>
  formatDollars(amount) === formatDollars(0) ? '' : formatDollars(amount);

export function renderCosts({ resources, cost, prices }: PricedInventory): string[] {
  const lines = table(
    [
      { head: 'resource' },
      { head: 'cluster' },
      { head: 'age', right: true },
      { head: 'an hour', right: true },
      { head: 'so far', right: true },
      { head: '' },
    ],
    resources.map((one) => [
      resourceLabel(one) + sizeSuffix(one),
      one.cluster === null || one.kind === 'cluster' ? '' : escapeControlChars(one.cluster),
      one.age === null ? '' : formatDuration(one.age),
      unlessFree(one.cost.perHour),
      unlessFree(one.cost.soFar),
      remarks(one),
    ]),
  );
  if (!prices)
    return [...lines, '', 'nothing here is billed by the hour; gcd-sfn cleanup --all deletes everything'];
  const source = prices.source === 'aws' ? "AWS's prices" : "this version's built-in prices";
  return [
    ...lines,
    '',
    `${formatDollars(cost.perHour)} an hour, about ${formatDollars(cost.soFar)} so far; ${source} of ${prices.date}`,
    'gcd-sfn cleanup --all deletes everything',
  ];
}

function remarks({ machines, size, cost, going }: PricedResource): string {
  const types = Object.entries(machines).map(([type, number]) => `${number} × ${type}`);
  const month = size ? [monthlyPrice(cost.perHour * monthHours)] : [];
  return [...types, ...month, ...(going ? ['being deleted'] : [])].join(', ');
}
