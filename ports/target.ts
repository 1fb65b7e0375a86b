/** Where a run's workers are. */

import type { ControlPlaneLog } from './clusters.ts';
import { asTagValue } from './tags.ts';

export interface EksTarget {
  kind: 'eks';
  region: string;
  cluster: {
    name: string;
    /** Kubernetes version of one that has to be made; null: the newest in standard support. */
    version: string | null;
    /** Logs of its control plane that are kept. */
    logs?: ControlPlaneLog[] | undefined;
  };
  nodegroup: { name: string; instanceType: string; spot: boolean; maxNodes: number; diskGiB: number };
  /** Of config.yaml and cluster.yaml, for everything that is made; see `tagsOf`. */
  tags: Record<string, string>;
  /** Nodes to ask for, at most the group's maximum. */
  nodes: number;
  workersPerNode: number;
  /** Name of the bastion; null: the run has none. */
  bastion: string | null;
  /** What the image is made from: its digest, and where the frozen project lies as `bucket/key`. */
  image: { digest: string; source: string };
  /** Whether the cluster and all that belongs to it is removed after the run. */
  cleanUp: boolean;
}

export type Target = { kind: 'local' } | EksTarget;

/** Name of the group for machines of a kind: its kind cannot be changed, so each kind has its own. */
export const nodegroupName = (instanceType: string, spot: boolean): string =>
  `gcd-${instanceType.replace('.', '-')}${spot ? '-spot' : ''}`;

/** Tags of everything that a run makes, whatever its project's folder is called. @param project the folder's name */
export const tagsOf = (project: string, tags: Record<string, string>): Record<string, string> => ({
  ...tags,
  project: asTagValue(project) || 'project',
  managedBy: 'gcd-sfn',
});

/** Name of the machine from which somebody looks into a cluster: each cluster has its own. */
export const bastionName = (cluster: string): string => `${cluster}-bastion`;
