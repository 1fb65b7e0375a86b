/** Who workers are on AWS: each execution has an identity of its own, which reaches what is its run's and no other's. */

export interface IdentitySpec {
  run: string;
  execution: string;
  cluster: string;
  /** Where its batches come from. */
  queueUrl: string;
  /** Where its data files are: a bucket, and what their keys begin with. */
  data: { bucket: string; prefix: string };
  tags: Record<string, string>;
}

export interface Identities {
  /**
   * Gives the workers of an execution their identity, or finds it.
   * @returns since when it is there, seconds since 1970: a worker that is made within seconds of that may not get it
   * @throws NotFound when there is no cluster
   */
  give(wanted: IdentitySpec): Promise<number>;
  /** Executions whose workers have one; none when there is no cluster. */
  list(cluster: string): Promise<string[]>;
  /** Takes it away; what is not there, as a cluster that is gone, is no error. */
  take(cluster: string, execution: string): Promise<void>;
}
