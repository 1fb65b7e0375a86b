/** Access entries of a cluster: who may read it. */

export interface AccessEntry {
  /** ARN of a user or a role. */
  principal: string;
  /** Names of EKS's access policies with their namespaces; no namespaces: the whole cluster. */
  policies: { name: string; namespaces: string[] }[];
  /** Kubernetes groups. */
  groups: string[];
  /** Whether gcd-sfn, or EKS, needs it. */
  needed: boolean;
}

export interface ClusterAccess {
  /** @throws NotFound if the cluster does not exist */
  list(cluster: string): Promise<AccessEntry[]>;
  /**
   * Grants read access to the namespace of the workers, and with `nodes` to nodes and all other namespaces. Idempotent.
   */
  add(cluster: string, principal: string, nodes: boolean): Promise<void>;
  /** Idempotent. @returns whether it existed */
  remove(cluster: string, principal: string): Promise<boolean>;
}
