/** What the account lacks for a run or a stack: asked, shown, and a reason to stop when nothing could start. */

import { CapacityUnavailable, QuotaExceeded } from '../../core/errors/errors.ts';
import type { EksDraft } from '../../core/run-store/request/draft.ts';
import type { Cloud } from '../../runs/aws/cloud.ts';
import type { Forecast } from '../../runs/aws/forecast.ts';
import { color } from '../view/color.ts';
import type { Finding } from './quotas/findings.ts';
import { lookAtRun } from './quotas/look.ts';

/** @param ahead of `forecast` */
export function checkAccount(
  { quotas, stack }: Pick<Cloud, 'quotas' | 'stack'>,
  { target }: Pick<EksDraft, 'target'>,
  { makesCluster, clusters }: Pick<Forecast, 'makesCluster' | 'clusters'>,
): Promise<Finding[]> {
  const { instanceType, spot } = target.nodegroup;
  return lookAtRun(quotas, {
    ...{ region: target.region, cluster: target.cluster.name, instanceType, spot, nodes: target.nodes },
    ...{ hasBastion: target.bastion !== null, makesCluster, clusters, subnetIds: stack.subnetIds },
  });
}

/** Those that say more than that all is there. */
export function showFindings(
  findings: Finding[],
  print: (line: string) => void = (line) => console.error(line),
): void {
  for (const { level, says, hint = '' } of findings) {
    if (level === 'ok') continue;
    const label = level === 'impossible' ? color.red('account '.padEnd(8)) : color.dim('account '.padEnd(8));
    print(`  ${label} ${says}`);
    for (const line of hint.split('\n').filter(Boolean)) print(`           ${line}`);
  }
}

/** @throws QuotaExceeded, CapacityUnavailable for the first that makes it impossible */
export function refuseImpossible(findings: Finding[]): void {
  const [first] = findings.filter(({ level }) => level === 'impossible');
  if (!first) return;
  const { says, hint, isOffer = false } = first;
  const given = hint === undefined ? {} : { hint };
  throw isOffer ? new CapacityUnavailable(says, given) : new QuotaExceeded(says, given);
}
