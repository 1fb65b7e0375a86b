/** Who may look into a cluster. */

export interface AccessEntry {
  /** ARN of a user or a role. */
  principal: string;
  /** Names of EKS's policies, each with the namespaces that it is for; none: the whole cluster. */
  policies: { name: string; namespaces: string[] }[];
  /** Groups of Kubernetes. */
  groups: string[];
  /** Whether it is one without which gcd-sfn, or EKS, cannot work on the cluster. */
  needed: boolean;
}

export interface ClusterAccess {
  /** @throws NotFound when there is no cluster */
  list(cluster: string): Promise<AccessEntry[]>;
  /**
   * Lets somebody look: at everything in the namespace of the workers, and with `nodes` at nodes and the rest, too.
   * Asked again, it adds what is missing.
   */
  add(cluster: string, principal: string, nodes: boolean): Promise<void>;
  /** One that is not there is no error. @returns whether there was one */
  remove(cluster: string, principal: string): Promise<boolean>;
}
