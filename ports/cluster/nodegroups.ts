/** Managed nodegroups of a cluster. */
import type { Problem } from '../../core/errors/problem.ts';

export interface NodegroupSpec {
  cluster: string;
  name: string;
  instanceType: string;
  spot: boolean;
  amiType: string;
  /** Maximum size. */
  maxNodes: number;
  /** GiB of each node's volume. */
  diskGiB: number;
  /** Also for the instances and their volumes. */
  tags: Record<string, string>;
}

export interface Nodegroup {
  name: string;
  instanceType: string;
  spot: boolean;
  amiType: string;
  maxNodes: number;
  /** GiB of each node's volume. */
  diskGiB: number;
  /** When it was created, seconds since 1970: its instances have the machine image of that time. */
  since: number;
  /** Desired size. */
  desired: number;
  status: 'creating' | 'active' | 'updating' | 'deleting' | 'failed';
  problems: Problem[];
}

export interface Node {
  name: string;
  /** Whether it takes pods: not while it is being drained. */
  ready: boolean;
  /** When the instance was started, seconds since 1970. */
  since: number;
  /** Executions with workers on it, also workers that are ending. */
  executions: string[];
}

export interface Nodegroups {
  find(cluster: string, name: string): Promise<Nodegroup | undefined>;
  /** All nodegroups of a cluster; none if it does not exist. */
  list(cluster: string): Promise<Nodegroup[]>;
  /**
   * Starts the creation of a nodegroup without nodes.
   * @throws AlreadyThere, QuotaExceeded, AccessDenied
   */
  create(wanted: NodegroupSpec): Promise<void>;
  /** Tags the existing nodegroup's Auto Scaling group as the stack's, without which it cannot be resized. */
  claim(wanted: NodegroupSpec): Promise<void>;
  /**
   * Sets the desired or the maximum size; does not wait for nodes. With the same desired size again, it requests from other
   * zones what one zone does not have.
   * @throws NotFound
   */
  resize(cluster: string, name: string, size: { desired?: number; maxNodes?: number }): Promise<void>;
  /**
   * Its nodes, and why they are fewer than desired.
   * @param since ignore earlier problems; seconds since 1970
   * @param users whether to fill in `executions`, which reads every pod of the workers
   */
  nodes(
    cluster: string,
    name: string,
    asked?: { since?: number; users?: boolean },
  ): Promise<{ nodes: Node[]; missing: Problem[] }>;
  /** Terminates these nodes and lowers the desired size by as many. Idempotent. */
  terminate(cluster: string, name: string, nodes: string[]): Promise<void>;
  /** Starts the deletion. Idempotent. */
  remove(cluster: string, name: string): Promise<void>;
}
