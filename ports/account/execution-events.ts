/** What happens in an execution of the run machine, as Step Functions keeps it. */
import type { RunEvent } from '../../core/run-store/events/events.ts';

/** Of the states inside of a Distributed Map nothing is told: the workers tell of those. */
export type ExecutionEvent = RunEvent & {
  /** What the state, or the execution, put out: JSON; null where there is none. */
  output: string | null;
};

export interface ExecutionEvents {
  /**
   * What has happened after the event with this number, in its order.
   * @param after 0: from the beginning
   * @param options without `outputs`, which may be long, all are null
   * @returns with the number of the last one; no events when there is no such execution
   */
  since(
    execution: string,
    after: number,
    options?: { outputs: boolean },
  ): Promise<{ last: number; events: ExecutionEvent[] }>;
}
