/** What a run on AWS is going to do, last and cost, in some lines. */

import { formatBytes, formatDollars, formatDuration, plural } from '../../core/format/numbers.ts';
import type { EksDraft } from '../../core/run-store/request/draft.ts';
import type { Forecast } from '../../runs/aws/start/forecast.ts';
import { color } from '../terminal/output.ts';
import { showPlan } from '../terminal/plan.ts';

type Print = (line: string) => void;

export function showForecast(
  { files, plan, estimate, makesCluster }: Forecast,
  draft: EksDraft,
  print: Print = (line) => console.error(line),
): void {
  const { target, repetitions, config } = draft;
  const { nodegroup, nodes, workersPerNode, cluster } = target;
  if (plan) showPlan(plan, draft, print);
  else {
    const times = repetitions > 1 ? `, each task ${repetitions} times` : '';
    const some = files.more ? 'more than ' : '';
    print(
      `${some}${plural(files.count, 'file')}, ${formatBytes(files.bytes)}${times}; planning looks into them`,
    );
  }
  const row = (name: string, text: string) => print(`  ${color.dim(name.padEnd(8))} ${text}`);
  const made = `to be made: about 12 minutes, and ${formatDollars(estimate.parts.cluster ?? 0)} an hour as long as it is there`;
  const after = target.cleanUp ? '; removed after the run' : '';
  row('cluster', `${cluster.name} in ${target.region}${makesCluster ? `, ${made}` : ''}${after}`);
  const workers = `${plural(workersPerNode, 'worker')} each`;
  row('nodes', `${nodes} × ${nodegroup.instanceType}${nodegroup.spot ? ' (spot)' : ''}, ${workers}`);
  row(
    'time',
    estimate.seconds
      ? `${rough(estimate.seconds.low)} to ${rough(estimate.seconds.high)}, as its tasks took before`
      : 'not known: none of its tasks has run before',
  );
  const hourly = `${formatDollars(estimate.perHour)} an hour and ${formatDollars(estimate.once)} once, by the prices of ${estimate.pricesOf}`;
  row(
    'cost',
    estimate.dollars
      ? `${formatDollars(estimate.dollars.low)} to ${formatDollars(estimate.dollars.high)}: ${hourly}`
      : hourly,
  );
  if (config.budgetUsd !== null)
    row('', `nothing is begun any more before ${formatDollars(config.budgetUsd)} (budget_usd) are passed`);
  for (const note of estimate.notes) row('', note);
}

/** As near as an estimate is. */
function rough(value: number): string {
  if (value < 120) return formatDuration(value);
  return formatDuration(Math.round(value / 60) * 60).replace(/ 0 s$/, '');
}
