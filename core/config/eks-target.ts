/** Where a run on a cluster goes: what the command line says, else cluster.yaml, else config.yaml. */

import { minDiskGiB } from '../cluster.ts';
import { UsageError } from '../errors/errors.ts';
import { type EksTarget, nodegroupName } from '../target.ts';
import type { Config } from './config.ts';
import type { ClusterSettings } from './load-cluster.ts';

export interface TargetAsked {
  /** What the command line says; null is "not given". */
  cluster: string | null;
  nodes: number | null;
  nodegroupName: string | null;
  instanceType: string | null;
  cleanUp: boolean;
  /** Where the user's credentials belong, when nothing else says a region. */
  region: string | null;
  /** vCPUs of an instance type. */
  vcpusOf(instanceType: string): number;
  bastion: string | null;
  image: EksTarget['image'];
}

const standard = { cluster: 'gcd-cluster', nodes: 1 };
/** GiB of a node's disk: for the system and images, and for each worker. */
const diskGiB = (workers: number): number => minDiskGiB + 5 * workers;

/** @throws UsageError when no region is known, or more nodes are asked for than may be */
export function eksTarget(config: Config, settings: ClusterSettings, asked: TargetAsked): EksTarget {
  const { nodegroup } = settings;
  const region = settings.region ?? config.region ?? asked.region;
  if (region === null)
    throw new UsageError('no AWS region is known', {
      hint: 'Add region: us-west-2, or another, to config.yaml, or set AWS_REGION.',
    });
  const instanceType = asked.instanceType ?? nodegroup.instanceType ?? config.instanceType;
  const spot = nodegroup.spot ?? config.spot;
  const maxNodes = nodegroup.maxNodes ?? config.maxNodes;
  const nodes = asked.nodes ?? nodegroup.nodes ?? standard.nodes;
  if (nodes > maxNodes)
    throw new UsageError(`${nodes} nodes are more than the ${maxNodes} that a run may have`, {
      hint: 'Raise max_nodes in config.yaml, or maxSize in cluster.yaml.',
    });
  const workersPerNode = config.workersPerNode ?? asked.vcpusOf(instanceType);
  return {
    kind: 'eks',
    region,
    cluster: {
      name: asked.cluster ?? settings.name ?? standard.cluster,
      version: settings.version,
      logs: settings.logs,
    },
    nodegroup: {
      name: asked.nodegroupName ?? nodegroup.name ?? nodegroupName(instanceType, spot),
      ...{ instanceType, spot, maxNodes },
      diskGiB: nodegroup.diskGiB ?? diskGiB(workersPerNode),
    },
    tags: { ...config.tags, ...settings.tags },
    nodes,
    workersPerNode,
    bastion: asked.bastion,
    image: asked.image,
    cleanUp: asked.cleanUp,
  };
}
