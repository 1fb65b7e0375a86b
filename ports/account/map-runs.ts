/** Running Distributed Maps of the run machine. */

export interface MapRuns {
  /**
   * Raises MaxConcurrency, never lowers it. No error if the execution has no running Map.
   * @returns whether it was raised
   * @throws AccessDenied, Throttled, Unreachable
   */
  widen(execution: string, concurrency: number): Promise<boolean>;
}
