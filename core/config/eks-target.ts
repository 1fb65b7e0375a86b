/** Target of a run on a cluster, from the command line, else cluster.yaml, else config.yaml. */

import { minDiskGiB } from '../cluster.ts';
import { UsageError } from '../errors/errors.ts';
import { bastionName, type DraftTarget, nodegroupName } from '../target.ts';
import type { Config } from './config.ts';
import type { ClusterSettings } from './load-cluster.ts';

/** What the command line says; null is "not given". */
export interface TargetOptions {
  cluster: string | null;
  nodes: number | null;
  nodegroupName: string | null;
  instanceType: string | null;
  cleanUp: boolean;
  /** Region of the user's credentials, when nothing else names one. */
  region: string | null;
}

/** What is known of a run's machines without asking AWS. */
export interface Machines {
  region: string;
  /** Name of the cluster. */
  cluster: string;
  instanceType: string;
  spot: boolean;
  nodes: number;
  maxNodes: number;
}

const defaults = { cluster: 'gcd-cluster', nodes: 1 };
/** GiB of a node's disk: for the system and images, and for each worker. */
const diskGiB = (workers: number): number => minDiskGiB + 5 * workers;

/** @throws UsageError when no region is known, or more nodes are wanted than `max_nodes` allows */
export function resolveMachines(config: Config, settings: ClusterSettings, options: TargetOptions): Machines {
  const { nodegroup } = settings;
  const region = settings.region ?? config.region ?? options.region;
  if (region === null)
    throw new UsageError('no AWS region is known', {
      hint: 'Add region: us-west-2, or another, to config.yaml, or set AWS_REGION.',
    });
  const maxNodes = nodegroup.maxNodes ?? config.maxNodes;
  const nodes = options.nodes ?? nodegroup.nodes ?? defaults.nodes;
  if (nodes > maxNodes)
    throw new UsageError(`${nodes} nodes exceed the maximum of ${maxNodes} for a run`, {
      hint: 'Raise max_nodes in config.yaml, or maxSize in cluster.yaml.',
    });
  return {
    region,
    cluster: options.cluster ?? settings.name ?? defaults.cluster,
    instanceType: options.instanceType ?? nodegroup.instanceType ?? config.instanceType,
    spot: nodegroup.spot ?? config.spot,
    nodes,
    maxNodes,
  };
}

/**
 * @param vcpus of the instance type: the default number of workers per node
 * @throws UsageError as `resolveMachines`
 */
export function draftTarget(
  config: Config,
  settings: ClusterSettings,
  options: TargetOptions,
  vcpus: number,
): DraftTarget {
  const { region, cluster, instanceType, spot, nodes, maxNodes } = resolveMachines(config, settings, options);
  const { nodegroup } = settings;
  const workersPerNode = config.workersPerNode ?? vcpus;
  return {
    kind: 'eks',
    region,
    cluster: { name: cluster, version: settings.version, logs: settings.logs },
    nodegroup: {
      name: options.nodegroupName ?? nodegroup.name ?? nodegroupName(instanceType, spot),
      ...{ instanceType, spot, maxNodes },
      diskGiB: nodegroup.diskGiB ?? diskGiB(workersPerNode),
    },
    tags: { ...config.tags, ...settings.tags },
    nodes,
    workersPerNode,
    bastion: config.bastion ? bastionName(cluster) : null,
    cleanUp: options.cleanUp,
  };
}
