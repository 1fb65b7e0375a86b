/** Clusters, and what is asked of EKS about them. */
import {
  DeleteClusterCommand,
  DescribeClusterCommand,
  type EKSClient,
  ListClustersCommand,
} from '@aws-sdk/client-eks';
import type { Asked } from '../client/errors.ts';
import { ask, askGone, isOurs, type OurCluster, type Part, pages, seconds } from './resource-kind.ts';

export interface ClustersOptions {
  eks: EKSClient;
  stack: string;
  /** The stack's network; null: it has none. */
  vpcId: string | null;
  /** Told before a cluster is removed. */
  beforeRemoval(cluster: string): Promise<void>;
}

/** Those whose tags say that they are the stack's, and that are not in another network. */
export async function ourClusters({ eks, stack, vpcId }: ClustersOptions): Promise<OurCluster[]> {
  const names = await pages(
    asked('ListClusters', '*'),
    (nextToken) => eks.send(new ListClustersCommand({ nextToken })),
    ({ clusters, nextToken }) => ({ items: clusters, next: nextToken }),
  );
  const ours: OurCluster[] = [];
  for (const name of names) {
    const cluster = await describe(eks, name);
    const itsVpc = cluster?.resourcesVpcConfig?.vpcId;
    const isElsewhere = Boolean(itsVpc) && vpcId !== null && itsVpc !== vpcId;
    if (cluster && isOurs(cluster.tags ?? {}, stack) && !isElsewhere)
      ours.push({ name, since: seconds(cluster.createdAt) });
  }
  return ours;
}

export const clustersPart = (options: ClustersOptions): Part => ({
  list: async (clusters) =>
    clusters.map(({ name, since }) => ({ kind: 'cluster', name, cluster: name, since })),

  async state({ name }) {
    const cluster = await describe(options.eks, name);
    if (!cluster) return 'gone';
    return cluster.status === 'DELETING' ? 'going' : 'there';
  },

  async remove({ name }) {
    await options.beforeRemoval(name);
    await askGone(asked('DeleteCluster', name), () => options.eks.send(new DeleteClusterCommand({ name })));
  },
});

const describe = async (eks: EKSClient, name: string) =>
  (await ask(asked('DescribeCluster', name), () => eks.send(new DescribeClusterCommand({ name }))))?.cluster;

const asked = (verb: string, cluster: string): Asked => ({
  action: `eks:${verb}`,
  arn: cluster === '*' ? '*' : `arn:aws:eks:*:*:cluster/${cluster}`,
  what: cluster === '*' ? 'the list of clusters' : `cluster ${cluster}`,
});
