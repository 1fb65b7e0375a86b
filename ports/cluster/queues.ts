/** Queues by which batches reach workers: one an execution, named as it. */
export interface Queues {
  /** Its URL; undefined when it is not there. */
  find(execution: string): Promise<string | undefined>;
  /**
   * Makes the queue, or finds it.
   * @returns its URL
   */
  create(execution: string, tags: Record<string, string>): Promise<string>;
  /** One that is not there is no error. */
  remove(execution: string): Promise<void>;
  /** Executions that have a queue. */
  list(): Promise<string[]>;
}
