/** Bastions: EC2 instances from which somebody debugs a cluster. */

export interface BastionSpec {
  name: string;
  cluster: string;
  tags: Record<string, string>;
}

export interface Bastion {
  name: string;
  status: 'starting' | 'running' | 'stopping' | 'stopped' | 'removed';
  /** End of the lease of debug sessions, seconds since 1970; null: none. */
  debuggedUntil: number | null;
}

export interface Bastions {
  /** A deleted one may be found for a while, as `removed`. */
  find(name: string): Promise<Bastion | undefined>;
  /** All that gcd-sfn created, without deleted ones. */
  list(): Promise<Bastion[]>;
  /**
   * Starts the creation.
   * @throws AlreadyThere, QuotaExceeded, CapacityUnavailable, AccessDenied
   */
  create(wanted: BastionSpec): Promise<void>;
  /** Starts a stopped one. Idempotent. */
  start(name: string): Promise<void>;
  /** Starts stopping it. Idempotent. */
  stop(name: string): Promise<void>;
  /** Extends the lease to `until` (seconds since 1970), never shortens it. */
  lease(name: string, until: number): Promise<void>;
  /** Ends the lease. */
  endLease(name: string): Promise<void>;
  /** Starts the deletion. Idempotent. */
  remove(name: string): Promise<void>;
}
