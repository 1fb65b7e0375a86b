/** What a run has been through, as its events tell. */

import type { RunHistory } from '../status/run-status.ts';
import type { RunEvent } from './events.ts';

/** Where gathering has ended, the figures of the run are those of its parts. Runs of before have a Salvage, too. */
const gathers = new Set(['Gather', 'Salvage']);

/** Whether a line that was parsed is an event: files may be damaged. */
export const isEvent = (line: unknown): line is RunEvent =>
  typeof (line as RunEvent | null)?.at === 'number' && typeof (line as RunEvent).event === 'string';

export class History implements RunHistory {
  /** When each execution began, and its last sign of life; seconds since 1970. */
  readonly executions: { from: number; to: number }[] = [];
  /** The state that was entered last. */
  state = '';
  /** When the tasks of the current repetition began to be handed out. */
  handedOutAt: number | undefined;
  /** Whether the gathered figures are those of all that has been done. */
  gathered = false;
  /** How the last execution ended; undefined while it has not, or when it was killed. */
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

  /** How long it was at work, the time between executions left out. @param until a later sign of life, if any */
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
