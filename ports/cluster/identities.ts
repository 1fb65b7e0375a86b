/** IAM identities of workers: each execution has its own, with access to its own run only. */

export interface IdentitySpec {
  run: string;
  execution: string;
  cluster: string;
  /** The queue of its batches. */
  queueUrl: string;
  /** Bucket and key prefix of its data files. */
  data: { bucket: string; prefix: string };
  tags: Record<string, string>;
}

export interface Identities {
  /**
   * Creates the identity of an execution's workers, or finds it.
   * @returns when it was created, seconds since 1970: a pod that is created within seconds may not get it
   * @throws NotFound if the cluster does not exist
   */
  give(wanted: IdentitySpec): Promise<number>;
  /** Executions that have one; none if the cluster does not exist. */
  list(cluster: string): Promise<string[]>;
  /** Deletes it. Idempotent, also if the cluster does not exist. */
  take(cluster: string, execution: string): Promise<void>;
}
