/** The machine from which somebody looks into a cluster. */

/** What it is, and so what it costs: it does next to nothing, and only while somebody looks. */
export const bastionMachine = { instanceType: 't3.micro', diskGiB: 8 } as const;

/** Seconds for which somebody debugs who does not say for how long. */
export const debugSeconds = 2 * 3600;

export interface BastionWanted {
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

/** Whether it is to go on, because somebody debugs from it. @param now seconds since 1970 */
export const isDebugged = ({ debuggedUntil }: Bastion, now: number): boolean =>
  debuggedUntil !== null && debuggedUntil > now;

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
  /** Keeps it running until then, or longer where that was said before. @param until seconds since 1970 */
  lease(name: string, until: number): Promise<void>;
  /** Nobody debugs from it any more. */
  endLease(name: string): Promise<void>;
  /** Begins to remove one; one that is not there is no error. */
  remove(name: string): Promise<void>;
}
