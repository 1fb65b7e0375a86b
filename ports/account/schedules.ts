/** Schedules of runs, in EventBridge Scheduler. */

export interface Schedule {
  name: string;
  /** `rate(1 day)` or `cron(0 6 * * ? *)`, in EventBridge's syntax. */
  expression: string;
  /** IANA name, such as `America/Denver`; null: UTC. */
  timezone: string | null;
  /** Key of the stored request in the stack's bucket. */
  request: string;
}

export interface Schedules {
  /** Sorted by name. */
  list(): Promise<Schedule[]>;
  find(name: string): Promise<Schedule | undefined>;
  /**
   * Each delivery starts an execution at least once, with the schedule's name and time in its input.
   * @throws AlreadyThere, AccessDenied
   */
  create(schedule: Schedule): Promise<void>;
  /** Idempotent. */
  remove(name: string): Promise<void>;
}
