/** The history of a run, from its events. */

import type { RunHistory } from '../status/run-status.ts';
import type { RunEvent } from './events.ts';

/** States after which the summary counts all parts. Older definitions have Salvage. */
const gathers = new Set(['Gather', 'Salvage']);

/** Whether a parsed line is an event: files may be damaged. */
export const isEvent = (line: unknown): line is RunEvent =>
  typeof (line as RunEvent | null)?.at === 'number' && typeof (line as RunEvent).event === 'string';

export class History implements RunHistory {
  /** Start and last event of each execution, seconds since 1970. */
  readonly executions: { from: number; to: number }[] = [];
  /** The state that was entered last. */
  state = '';
  /** When dispatching the current repetition started. */
  handedOutAt: number | undefined;
  /** Whether the summary counts all records. */
  gathered = false;
  /** How the last execution ended; undefined while it runs, or if it was killed. */
  end: Extract<RunEvent, { event: 'execution-ended' }> | undefined;

  take(event: RunEvent): void {
    const current = this.executions.at(-1);
    if (event.event === 'execution-started') {
      this.executions.push({ from: event.at, to: event.at });
      [this.state, this.end, this.handedOutAt] = ['', undefined, undefined];
      return;
    }
    if (current) current.to = Math.max(current.to, event.at);
    if (event.event === 'execution-ended') this.end = event;
    else if (event.event === 'state-entered') this.#enter(event.state, event.at);
    else if (event.event === 'state-exited' && gathers.has(event.state)) this.gathered = true;
  }

  /** Seconds of all executions, without the time between them. @param until a later sign of life, if any */
  secondsAtWork(until?: number): number {
    const last = this.executions.at(-1);
    const more = last && until !== undefined ? Math.max(0, until - last.to) : 0;
    return this.executions.reduce((sum, { from, to }) => sum + (to - from), more);
  }

  #enter(state: string, at: number): void {
    this.state = state;
    if (state === 'StartWorkers') this.gathered = false;
    if (state === 'DispatchBatches') this.handedOutAt = at;
  }
}
