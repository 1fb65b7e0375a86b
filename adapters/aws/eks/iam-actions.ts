/** What EKS, and what is asked with it, is asked for: action and ARN as a policy names them. */
import type { Asked } from '../client/errors.ts';

/** @param verb such as `DescribeCluster` */
export const clusterAsked = (verb: string, cluster: string): Asked => ({
  action: `eks:${verb}`,
  arn: `arn:aws:eks:*:*:cluster/${cluster}`,
  what: `cluster ${cluster}`,
});

export const nodegroupAsked = (verb: string, cluster: string, nodegroup: string): Asked => ({
  action: `eks:${verb}`,
  arn: `arn:aws:eks:*:*:nodegroup/${cluster}/${nodegroup}/*`,
  what: `nodegroup ${nodegroup} of cluster ${cluster}`,
});
