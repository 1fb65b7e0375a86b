/** The target of a run on a cluster: from the command line, else cluster.yaml, else config.yaml. */

import { minDiskGiB } from '../cluster.ts';
import { UsageError } from '../errors/errors.ts';
import { type EksTarget, nodegroupName } from '../target.ts';
import type { Config } from './config.ts';
import type { ClusterSettings } from './load-cluster.ts';

export interface TargetOptions {
  /** From the command line; null if not set. */
  cluster: string | null;
  nodes: number | null;
  nodegroupName: string | null;
  instanceType: string | null;
  cleanUp: boolean;
  /** Region of the user's credentials, used if no file sets one. */
  region: string | null;
  /** vCPUs of an instance type. */
  vcpusOf(instanceType: string): number;
  bastion: string | null;
  image: EksTarget['image'];
}

const defaults = { cluster: 'gcd-cluster', nodes: 1 };
/** Disk size of a node in GiB: for the system and images, plus each worker. */
const diskGiB = (workers: number): number => minDiskGiB + 5 * workers;

/** @throws UsageError if the region is unknown, or for more nodes than the maximum */
export function eksTarget(config: Config, settings: ClusterSettings, options: TargetOptions): EksTarget {
  const { nodegroup } = settings;
  const region = settings.region ?? config.region ?? options.region;
  if (region === null)
    throw new UsageError('no AWS region is known', {
      hint: 'Add region: us-west-2, or another, to config.yaml, or set AWS_REGION.',
    });
  const instanceType = options.instanceType ?? nodegroup.instanceType ?? config.instanceType;
  const spot = nodegroup.spot ?? config.spot;
  const maxNodes = nodegroup.maxNodes ?? config.maxNodes;
  const nodes = options.nodes ?? nodegroup.nodes ?? defaults.nodes;
  if (nodes > maxNodes)
    throw new UsageError(`${nodes} nodes are more than the maximum of ${maxNodes}`, {
      hint: 'Raise max_nodes in config.yaml, or maxSize in cluster.yaml.',
    });
  const workersPerNode = config.workersPerNode ?? options.vcpusOf(instanceType);
  return {
    kind: 'eks',
    region,
    cluster: {
      name: options.cluster ?? settings.name ?? defaults.cluster,
      version: settings.version,
      logs: settings.logs,
    },
    nodegroup: {
      name: options.nodegroupName ?? nodegroup.name ?? nodegroupName(instanceType, spot),
      ...{ instanceType, spot, maxNodes },
      diskGiB: nodegroup.diskGiB ?? diskGiB(workersPerNode),
    },
    tags: { ...config.tags, ...settings.tags },
    nodes,
    workersPerNode,
    bastion: options.bastion,
    image: options.image,
    cleanUp: options.cleanUp,
  };
}
