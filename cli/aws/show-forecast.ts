/** What a run on AWS is going to do, last and cost, in some lines. */
import type { EksDraft } from '../../core/run-store/request/draft.ts';
import type { Forecast } from '../../runs/aws/start/forecast.ts';
import { bytes } from '../view/bytes.ts';
import { color } from '../view/color.ts';
import { showPlan } from '../view/plan.ts';
import { count, dollars, seconds } from '../view/units.ts';

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
    print(`${some}${count(files.count, 'file')}, ${bytes(files.bytes)}${times}; planning looks into them`);
  }
  const row = (name: string, text: string) => print(`  ${color.dim(name.padEnd(8))} ${text}`);
  const made = `to be made: about 12 minutes, and ${dollars(estimate.parts.cluster ?? 0)} an hour as long as it is there`;
  const after = target.cleanUp ? '; removed after the run' : '';
  row('cluster', `${cluster.name} in ${target.region}${makesCluster ? `, ${made}` : ''}${after}`);
  const workers = `${count(workersPerNode, 'worker')} each`;
  row('nodes', `${nodes} × ${nodegroup.instanceType}${nodegroup.spot ? ' (spot)' : ''}, ${workers}`);
  row(
    'time',
    estimate.seconds
      ? `${rough(estimate.seconds.low)} to ${rough(estimate.seconds.high)}, as its tasks took before`
      : 'not known: none of its tasks has run before',
  );
  const hourly = `${dollars(estimate.perHour)} an hour and ${dollars(estimate.once)} once, by the prices of ${estimate.pricesOf}`;
  row(
    'cost',
    estimate.dollars
      ? `${dollars(estimate.dollars.low)} to ${dollars(estimate.dollars.high)}: ${hourly}`
      : hourly,
  );
  if (config.budgetUsd !== null)
    row('', `nothing is begun any more before ${dollars(config.budgetUsd)} (budget_usd) are passed`);
  for (const note of estimate.notes) row('', note);
}

/** As near as an estimate is. */
function rough(value: number): string {
  if (value < 120) return seconds(value);
  return seconds(Math.round(value / 60) * 60).replace(/ 0 s$/, '');
}
