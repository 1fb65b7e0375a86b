/** EKS clusters of the user's account. */
import type { ClusterPart, ControlPlaneLog } from '../../core/cluster.ts';
import type { Problem } from '../../core/errors/problem.ts';

export interface ClusterSpec {
  name: string;
  /** Kubernetes version at creation; null: the newest in standard support. */
  version: string | null;
  /** Logs to enable, besides those that are enabled. */
  logs?: ControlPlaneLog[] | undefined;
  tags: Record<string, string>;
}

export interface Cluster {
  name: string;
  version: string;
  status: 'creating' | 'active' | 'updating' | 'deleting' | 'failed';
  /** Whether its tags say that gcd-sfn created it. */
  ours: boolean;
  /** The stack that its tags name; null if none. */
  stack: string | null;
  /** Enabled logs of its control plane. */
  logs: string[];
  /** Parts that are installed and work. */
  parts: ClusterPart[];
  problems: Problem[];
}

export interface Clusters {
  /** The cluster of this name, whoever created it. A new one may not be found for some seconds. */
  find(name: string): Promise<Cluster | undefined>;
  /** LatestExecution Kubernetes version in standard support. */
  newestVersion(): Promise<string>;
  /**
   * Starts the creation.
   * @throws AlreadyThere, QuotaExceeded, AccessDenied
   */
  create(wanted: ClusterSpec & { version: string }): Promise<void>;
  /** Enables exactly these logs of the control plane. */
  keepLogs(name: string, logs: string[]): Promise<void>;
  /** Installs a part, or recreates it. */
  equip(name: string, part: ClusterPart): Promise<void>;
  /**
   * Starts the deletion. Idempotent.
   * @throws InUse while it has nodegroups
   */
  remove(name: string): Promise<void>;
}
