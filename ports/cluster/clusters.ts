/** Kubernetes clusters of the user's account. */
import type { ClusterPart, ControlPlaneLog } from '../../core/cluster.ts';
import type { Problem } from '../../core/errors/problem.ts';

export interface ClusterSpec {
  name: string;
  /** Kubernetes version; null: the newest in standard support. Only looked at when the cluster is made. */
  version: string | null;
  /** Logs that are kept, beside those that somebody else has switched on; none when nothing is said. */
  logs?: ControlPlaneLog[] | undefined;
  tags: Record<string, string>;
}

export interface Cluster {
  name: string;
  version: string;
  status: 'creating' | 'active' | 'updating' | 'deleting' | 'failed';
  /** Whether its tags say that gcd-sfn made it. */
  ours: boolean;
  /** Name of the stack that it belongs to, by its tags; null when they name none. */
  stack: string | null;
  /** Logs of its control plane that are kept. */
  logs: string[];
  /** Parts that are there and work. */
  parts: ClusterPart[];
  problems: Problem[];
}

export interface Clusters {
  /** The cluster of this name, whoever made it. One that was just made may not be seen yet. */
  find(name: string): Promise<Cluster | undefined>;
  /** LatestExecution Kubernetes version in standard support. */
  newestVersion(): Promise<string>;
  /**
   * Begins to make a cluster.
   * @throws AlreadyThere, QuotaExceeded, AccessDenied
   */
  create(wanted: ClusterSpec & { version: string }): Promise<void>;
  /** Has just these logs of the control plane kept, from now on. */
  keepLogs(name: string, logs: string[]): Promise<void>;
  /** Puts a part there, or makes it anew. */
  equip(name: string, part: ClusterPart): Promise<void>;
  /**
   * Begins to remove a cluster; one that is not there is no error.
   * @throws InUse while it has nodegroups
   */
  remove(name: string): Promise<void>;
}
