/** The machine from which somebody looks into a cluster. */

export interface BastionSpec {
  name: string;
  cluster: string;
  tags: Record<string, string>;
}

export interface Bastion {
  name: string;
  status: 'starting' | 'running' | 'stopping' | 'stopped' | 'removed';
  /** Until when somebody debugs from it, in seconds since 1970, whatever becomes of their machine; null: nobody does. */
  debuggedUntil: number | null;
}

export interface Bastions {
  /** One that was removed may be seen for some time yet, as `removed`. */
  find(name: string): Promise<Bastion | undefined>;
  /** All that gcd-sfn made and that are not removed. */
  list(): Promise<Bastion[]>;
  /**
   * Begins to make one.
   * @throws AlreadyThere, QuotaExceeded, CapacityUnavailable, AccessDenied
   */
  create(wanted: BastionSpec): Promise<void>;
  /** Begins to start one that is stopped; one that runs is left as it is. */
  start(name: string): Promise<void>;
  /** Begins to stop one; one that is stopped, or not there, is no error. */
  stop(name: string): Promise<void>;
  /** Keeps it running until then, or longer where that was said before. @param until seconds since 1970 */
  lease(name: string, until: number): Promise<void>;
  /** Nobody debugs from it any more. */
  endLease(name: string): Promise<void>;
  /** Begins to remove one; one that is not there is no error. */
  remove(name: string): Promise<void>;
}
