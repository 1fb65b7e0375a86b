/** Queues from which workers take batches: one per execution, named after it. */
export interface Queues {
  /** URL of the queue; undefined if it does not exist. */
  find(execution: string): Promise<string | undefined>;
  /**
   * Creates the queue, or finds it.
   * @returns its URL
   */
  create(execution: string, tags: Record<string, string>): Promise<string>;
  /** Idempotent. */
  remove(execution: string): Promise<void>;
  /** Executions that have a queue. */
  list(): Promise<string[]>;
}
