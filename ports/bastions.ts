/** The machine from which somebody looks into a cluster. */

/** What it is, and so what it costs: it does next to nothing, and only while somebody looks. */
export const bastionMachine = { instanceType: 't3.micro', diskGiB: 8 } as const;

export interface BastionWanted {
  name: string;
  cluster: string;
  tags: Record<string, string>;
}

export interface Bastion {
  name: string;
  status: 'starting' | 'running' | 'stopping' | 'stopped' | 'removed';
  /** Whether somebody uses it: `debug` keeps it running. */
  debugging: boolean;
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
  create(wanted: BastionWanted): Promise<void>;
  /** Begins to start one that is stopped; one that runs is left as it is. */
  start(name: string): Promise<void>;
  /** Begins to stop one; one that is stopped, or not there, is no error. */
  stop(name: string): Promise<void>;
  /** Begins to remove one; one that is not there is no error. */
  remove(name: string): Promise<void>;
}
