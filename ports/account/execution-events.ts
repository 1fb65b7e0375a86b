/** Event history of an execution of the run machine. */
import type { RunEvent } from '../../core/run-store/events/events.ts';

/** States inside a Distributed Map have no events here; their results come from the workers. */
export type ExecutionEvent = RunEvent & {
  /** Output of the state or of the execution, as JSON; null without one. */
  output: string | null;
};

export interface ExecutionEvents {
  /**
   * The events after the one with this number, in order.
   * @param after 0: from the start
   * @param options without `outputs`, which may be long, all are null
   * @returns with the number of the last event; no events if the execution does not exist
   */
  since(
    execution: string,
    after: number,
    options?: { outputs: boolean },
  ): Promise<{ last: number; events: ExecutionEvent[] }>;
}
