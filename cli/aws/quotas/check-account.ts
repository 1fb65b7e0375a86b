/** What an account lacks for a run, a project's run, or a stack. */
import { resolveMachines, type TargetOptions } from '../../../core/config/eks-target.ts';
import { loadCluster } from '../../../core/config/load-cluster.ts';
import { loadConfig } from '../../../core/config/load-config.ts';
import { configSchema } from '../../../core/config/schema/schema.ts';
import { GcdError } from '../../../core/errors/errors.ts';
import type { EksDraft } from '../../../core/run-store/request/draft.ts';
import type { Cloud } from '../../../runs/aws/cloud.ts';
import type { Forecast } from '../../../runs/aws/start/forecast.ts';
import { type Account, requireStack } from '../account.ts';
import { checkRunQuotas, checkStackQuotas } from './check-quotas.ts';
import type { Finding } from './findings.ts';

/** What the account lacks for a run that is about to start. */
export function checkAccountForRequest(
  { quotas, stack }: Pick<Cloud, 'quotas' | 'stack'>,
  { target }: Pick<EksDraft, 'target'>,
  { makesCluster, clusters }: Pick<Forecast, 'makesCluster' | 'clusters'>,
): Promise<Finding[]> {
  const { instanceType, spot } = target.nodegroup;
  return checkRunQuotas(quotas, {
    ...{ region: target.region, cluster: target.cluster.name, instanceType, spot, nodes: target.nodes },
    ...{ hasBastion: target.bastion !== null, makesCluster, clusters, subnetIds: stack.subnetIds },
  });
}

/** @param project folder of the project; undefined: one node of the default type on a new cluster */
export async function checkAccountForProject(account: Account, project?: string): Promise<Finding[]> {
  const { access, region } = account;
  const [{ AwsQuotas }, { clusterNames }] = await Promise.all([
    import('../../../adapters/aws/quotas/quotas.ts'),
    import('../../../adapters/aws/eks/requests.ts'),
  ]);
  // Without a stack the zones are unknown; without permission to list clusters, their number is.
  const subnetIds = await requireStack(account).then((stack) => stack.subnetIds, none);
  const names = await clusterNames(access).catch(none);
  const run = await runOf(project);
  return checkRunQuotas(new AwsQuotas({ access }), {
    ...{ ...run, region, subnetIds, hasBastion: true },
    ...{ makesCluster: !names.includes(run.cluster), clusters: names.length },
  });
}

/** What the account lacks for a new stack. */
export async function checkAccountForStack({ access, region }: Account): Promise<Finding[]> {
  const { AwsQuotas } = await import('../../../adapters/aws/quotas/quotas.ts');
  return checkStackQuotas(new AwsQuotas({ access }), region);
}

function none(error: unknown): string[] {
  if (error instanceof GcdError) return [];
  throw error;
}

/** Falls back to defaults for files that cannot be read: `validate` reports those. */
async function runOf(project: string | undefined) {
  const instanceType = configSchema.shape.instance_type.parse(undefined);
  const defaults = { cluster: 'gcd-cluster', instanceType, spot: false, nodes: 1 };
  if (project === undefined) return defaults;
  try {
    return resolveMachines(await loadConfig(project), await loadCluster(project), noOptions);
  } catch (error) {
    if (error instanceof GcdError) return defaults;
    throw error;
  }
}

const noOptions: TargetOptions = {
  ...{ cluster: null, nodes: null, nodegroupName: null, instanceType: null, cleanUp: false },
  region: 'us-west-2',
};
