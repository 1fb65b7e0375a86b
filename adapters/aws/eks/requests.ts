/** Requests to EKS about clusters and nodegroups that several adapters send, and their contexts for error messages. */
import {
  type Cluster,
  DeleteClusterCommand,
  DeleteNodegroupCommand,
  DescribeClusterCommand,
  DescribeNodegroupCommand,
  EKSClient,
  type Nodegroup,
  paginateListClusters,
  paginateListNodegroups,
} from '@aws-sdk/client-eks';
import type { AwsAccess } from '../../../core/config/dotenv.ts';
import type { RequestContext } from '../client/errors.ts';
import { collect, send, sendOptional } from '../client/send.ts';
import { clientSettings } from '../client/settings.ts';

/** @param verb such as `DescribeCluster` */
export const clusterContext = (verb: string, cluster: string): RequestContext => ({
  action: `eks:${verb}`,
  arn: `arn:aws:eks:*:*:cluster/${cluster}`,
  what: `cluster ${cluster}`,
});

export const nodegroupContext = (verb: string, cluster: string, nodegroup: string): RequestContext => ({
  action: `eks:${verb}`,
  arn: `arn:aws:eks:*:*:nodegroup/${cluster}/${nodegroup}/*`,
  what: `nodegroup ${nodegroup} of cluster ${cluster}`,
});

/** Names of all clusters of the region, whoever created them. */
export function listClusters(eks: EKSClient): Promise<string[]> {
  const names = collect(paginateListClusters({ client: eks }, {}), ({ clusters }) => clusters);
  return send({ action: 'eks:ListClusters', arn: '*', what: "the region's clusters" }, names);
}

/** The same with a client of its own. */
export async function clusterNames(access: AwsAccess): Promise<string[]> {
  const eks = new EKSClient(clientSettings(access));
  try {
    return await listClusters(eks);
  } finally {
    eks.destroy();
  }
}

export async function describeCluster(eks: EKSClient, name: string): Promise<Cluster | undefined> {
  const command = new DescribeClusterCommand({ name });
  return (await sendOptional(clusterContext('DescribeCluster', name), eks.send(command)))?.cluster;
}

/** Starts the deletion. @returns false when there is no such cluster, or something uses or changes it */
export async function deleteCluster(eks: EKSClient, name: string): Promise<boolean> {
  const request = eks.send(new DeleteClusterCommand({ name }));
  const context = clusterContext('DeleteCluster', name);
  return (await sendOptional(context, request, 'not-found', 'in-use')) !== undefined;
}

/** Names of all nodegroups of a cluster; none when there is no such cluster. */
export async function listNodegroups(eks: EKSClient, clusterName: string): Promise<string[]> {
  const pages = paginateListNodegroups({ client: eks }, { clusterName });
  const names = collect(pages, ({ nodegroups }) => nodegroups);
  return (await sendOptional(clusterContext('ListNodegroups', clusterName), names)) ?? [];
}

export async function describeNodegroup(
  eks: EKSClient,
  clusterName: string,
  nodegroupName: string,
): Promise<Nodegroup | undefined> {
  const found = await sendOptional(
    nodegroupContext('DescribeNodegroup', clusterName, nodegroupName),
    eks.send(new DescribeNodegroupCommand({ clusterName, nodegroupName })),
  );
  return found?.nodegroup;
}

/** Starts the deletion. Not-found and in-use are ignored: the caller retries. */
export async function deleteNodegroup(
  eks: EKSClient,
  clusterName: string,
  nodegroupName: string,
): Promise<void> {
  await sendOptional(
    nodegroupContext('DeleteNodegroup', clusterName, nodegroupName),
    eks.send(new DeleteNodegroupCommand({ clusterName, nodegroupName })),
    'not-found',
    'in-use',
  );
}
