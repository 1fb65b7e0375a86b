/** Groups of machines of one kind that a cluster's pods run on. */
import type { Problem } from '../../core/errors/problem.ts';

export interface NodegroupSpec {
  cluster: string;
  name: string;
  instanceType: string;
  spot: boolean;
  amiType: string;
  /** Most nodes that it may ever have. */
  maxNodes: number;
  /** Of each node's volume, GiB. */
  diskGiB: number;
  /** Also on the machines and their volumes. */
  tags: Record<string, string>;
}

export interface Nodegroup {
  name: string;
  instanceType: string;
  spot: boolean;
  amiType: string;
  maxNodes: number;
  /** Of each node's volume, GiB. */
  diskGiB: number;
  /** When it was made, seconds since 1970: its machines have the image of that time. */
  since: number;
  /** Nodes that were asked for last. */
  desired: number;
  status: 'creating' | 'active' | 'updating' | 'deleting' | 'failed';
  problems: Problem[];
}

export interface Node {
  name: string;
  /** Whether workers can come to it: not while it is being drained. */
  ready: boolean;
  /** Seconds since 1970 at which the machine was started. */
  since: number;
  /** Executions whose workers are on it, also such as are ending. */
  executions: string[];
}

export interface Nodegroups {
  find(cluster: string, name: string): Promise<Nodegroup | undefined>;
  /** All that the cluster has; none when there is no cluster. */
  list(cluster: string): Promise<Nodegroup[]>;
  /**
   * Begins to make a group without nodes.
   * @throws AlreadyThere, QuotaExceeded, AccessDenied
   */
  create(wanted: NodegroupSpec): Promise<void>;
  /** Has what is behind a group that is there carry whose it is, by the tags that are wanted: else its size cannot be changed. */
  claim(wanted: NodegroupSpec): Promise<void>;
  /**
   * Asks for so many nodes, or for another maximum. Returns before they are there. Asked again for as many, it looks for
   * what one zone does not have in another.
   * @throws NotFound
   */
  resize(cluster: string, name: string, size: { desired?: number; maxNodes?: number }): Promise<void>;
  /**
   * Its machines, and why there are not as many as were asked for.
   * @param since what was met before is not told; seconds since 1970
   * @param users whether it is asked who is on them: that reads every worker of the cluster
   */
  nodes(
    cluster: string,
    name: string,
    asked?: { since?: number; users?: boolean },
  ): Promise<{ nodes: Node[]; missing: Problem[] }>;
  /** Ends these machines and asks for as many fewer; those that are gone already are passed over. */
  terminate(cluster: string, name: string, nodes: string[]): Promise<void>;
  /** Begins to remove a group with its nodes; one that is not there is no error. */
  remove(cluster: string, name: string): Promise<void>;
}
