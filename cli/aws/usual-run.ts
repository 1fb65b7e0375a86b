/** What an account lacks for a run, before one is asked for: for the run of a project, or for a usual one. */
import { eksTarget, type TargetAsked } from '../../core/config/eks-target.ts';
import { loadConfig } from '../../core/config/load.ts';
import { loadCluster } from '../../core/config/load-cluster.ts';
import { configSchema } from '../../core/config/schema/schema.ts';
import { GcdError } from '../../core/errors/errors.ts';
import { type Account, neededStack } from './account.ts';
import type { Finding } from './quotas/findings.ts';
import { lookAtRun, lookAtStack } from './quotas/look.ts';

/** @param project its folder; undefined: a node of the usual type, on a cluster that is made for it */
export async function lookForUsualRun(account: Account, project?: string): Promise<Finding[]> {
  const { access, region } = account;
  const [{ AwsQuotas }, { clusterNames }] = await Promise.all([
    import('../../adapters/aws/quotas/quotas.ts'),
    import('../../adapters/aws/eks/requests.ts'),
  ]);
  // Without a stack, nobody knows the zones yet; without clusters that can be listed, how many there are.
  const subnetIds = await neededStack(account).then((stack) => stack.subnetIds, none);
  const names = await clusterNames(access).catch(none);
  const usual = await runOf(project);
  return lookAtRun(new AwsQuotas({ access }), {
    ...{ region, ...usual, subnetIds, hasBastion: true },
    ...{ makesCluster: !names.includes(usual.cluster), clusters: names.length },
  });
}

/** Whether there is room for a stack that is to be made. */
export async function lookForStack({ access, region }: Account): Promise<Finding[]> {
  const { AwsQuotas } = await import('../../adapters/aws/quotas/quotas.ts');
  return lookAtStack(new AwsQuotas({ access }), region);
}

function none(error: unknown): string[] {
  if (error instanceof GcdError) return [];
  throw error;
}

/** As far as the project's files can be read: `validate` says what is wrong with them. */
async function runOf(project: string | undefined) {
  const instanceType = configSchema.shape.instance_type.parse(undefined);
  const standard = { cluster: 'gcd-cluster', instanceType, spot: false, nodes: 1 };
  if (project === undefined) return standard;
  try {
    const target = eksTarget(await loadConfig(project), await loadCluster(project), nothingAsked);
    const { cluster, nodegroup, nodes } = target;
    return { cluster: cluster.name, instanceType: nodegroup.instanceType, spot: nodegroup.spot, nodes };
  } catch (error) {
    if (error instanceof GcdError) return standard;
    throw error;
  }
}

const nothingAsked: TargetAsked = {
  ...{ cluster: null, nodes: null, nodegroupName: null, instanceType: null, cleanUp: false, bastion: null },
  ...{ region: 'us-west-2', vcpusOf: () => 0, image: { digest: '', source: '' } },
};
