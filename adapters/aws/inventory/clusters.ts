/** Clusters and their nodegroups. */
import type { EKSClient } from '@aws-sdk/client-eks';
import type { Resource } from '../../../ports/account/inventory.ts';
import { isOfStack, secondsOf } from '../client/tags.ts';
import {
  deleteCluster,
  deleteNodegroup,
  describeCluster,
  describeNodegroup,
  listClusters,
  listNodegroups,
} from '../eks/requests.ts';
import type { OurCluster, ResourceHandler } from './resource-kind.ts';

export interface ClustersOptions {
  eks: EKSClient;
  stack: string;
  /** The stack's network; null: it has none. */
  vpcId: string | null;
  /** Called before a cluster is deleted. */
  beforeDeletion(cluster: string): Promise<void>;
}

/** Those with the stack's tags that are not in another network. */
export async function ourClusters({ eks, stack, vpcId }: ClustersOptions): Promise<OurCluster[]> {
  const ours: OurCluster[] = [];
  for (const name of await listClusters(eks)) {
    const cluster = await describeCluster(eks, name);
    const itsVpc = cluster?.resourcesVpcConfig?.vpcId;
    const isElsewhere = Boolean(itsVpc) && vpcId !== null && itsVpc !== vpcId;
    if (cluster && isOfStack(cluster.tags ?? {}, stack) && !isElsewhere)
      ours.push({ name, since: secondsOf(cluster.createdAt) });
  }
  return ours;
}

const stateOf = (found: { status?: string } | undefined) => {
  if (!found) return 'deleted';
  return found.status === 'DELETING' ? 'deleting' : 'exists';
};

export const clusters = ({ eks, beforeDeletion }: ClustersOptions): ResourceHandler => ({
  list: async (ours) => ours.map(({ name, since }) => ({ kind: 'cluster', name, cluster: name, since })),
  state: async ({ name }) => stateOf(await describeCluster(eks, name)),
  async remove({ name }) {
    await beforeDeletion(name);
    await deleteCluster(eks, name);
  },
});

/** All of the stack's clusters. */
export const nodegroups = (eks: EKSClient): ResourceHandler => ({
  async list(ours) {
    const found: Resource[] = [];
    for (const { name: cluster } of ours)
      for (const name of await listNodegroups(eks, cluster)) {
        const since = secondsOf((await describeNodegroup(eks, cluster, name))?.createdAt);
        found.push({ kind: 'nodegroup', name, cluster, since });
      }
    return found;
  },
  state: async ({ name, cluster }) => stateOf(await describeNodegroup(eks, cluster ?? '', name)),
  remove: ({ name, cluster }) => deleteNodegroup(eks, cluster ?? '', name),
});
