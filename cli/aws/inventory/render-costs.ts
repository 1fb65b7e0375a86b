/** Renders the inventory with its costs as a table. */
import { monthHours } from '../../../functions/cost/rates.ts';
import { neutral } from '../../view/neutral.ts';
import { table } from '../../view/table.ts';
import { seconds } from '../../view/units.ts';
import { monthlyPrice, sizeSuffix } from './copied-data-sizes.ts';
import { resourceLabel } from './render-inventory.ts';
import type { PricedInventory, PricedResource } from './standing-costs.ts';

/** `$0.10`, `$0.0052`. */
export function dollars(amount: number): string {
  // Less than a cent a week.
  if (amount < 0.00005) return '$0';
  return amount < 0.1 ? `$${Number(amount.toPrecision(2))}` : `$${amount.toFixed(2)}`;
}

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
      one.cluster === null || one.kind === 'cluster' ? '' : neutral(one.cluster),
      one.age === null ? '' : seconds(one.age),
      one.cost.perHour >= 0.00005 ? dollars(one.cost.perHour) : '',
      one.cost.soFar >= 0.00005 ? dollars(one.cost.soFar) : '',
      remarks(one),
    ]),
  );
  if (!prices)
    return [...lines, '', 'nothing here is billed by the hour; gcd-sfn cleanup --all deletes everything'];
  const source = prices.source === 'aws' ? "AWS's prices" : "this version's built-in prices";
  return [
    ...lines,
    '',
    `${dollars(cost.perHour)} an hour, about ${dollars(cost.soFar)} so far; ${source} of ${prices.date}`,
    'gcd-sfn cleanup --all deletes everything',
  ];
}

function remarks({ machines, size, cost, going }: PricedResource): string {
  const types = Object.entries(machines).map(([type, number]) => `${number} × ${type}`);
  const month = size ? [monthlyPrice(cost.perHour * monthHours)] : [];
  return [...types, ...month, ...(going ? ['being deleted'] : [])].join(', ');
}
