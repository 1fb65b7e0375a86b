/** Licence files of solvers, kept encrypted for the time of a run, and never in an image, a log or a payload. */
export interface Licences {
  /** Keeps a run's file, over an earlier one. */
  put(run: string, content: Uint8Array): Promise<void>;
  has(run: string): Promise<boolean>;
  /** One that is not there is no error. */
  remove(run: string): Promise<void>;
  /** Runs that have one, and since when, in seconds since 1970. */
  list(): Promise<{ run: string; since: number }[]>;
}
