/** Time, so that tests can set it. */
export interface Clock {
  /** Seconds since 1970. */
  now(): number;
}
