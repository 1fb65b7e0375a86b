/** Licence files of solvers, stored encrypted for the time of a run; never in an image, a log or a payload. */
export interface Licences {
  /** Stores a run's file, replacing an earlier one. */
  put(run: string, content: Uint8Array): Promise<void>;
  has(run: string): Promise<boolean>;
  /** Idempotent. */
  remove(run: string): Promise<void>;
  /** Runs that have one, and when it was stored, seconds since 1970. */
  list(): Promise<{ run: string; since: number }[]>;
}
