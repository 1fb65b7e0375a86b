/** Maps of the run machine that are going on: how many batches of an execution are on their way at the same time. */

export interface MapRuns {
  /**
   * Raises it, never lowers it. An execution that hands out nothing now is no error.
   * @returns whether it was raised
   * @throws AccessDenied, Throttled, Unreachable
   */
  widen(execution: string, concurrency: number): Promise<boolean>;
}
