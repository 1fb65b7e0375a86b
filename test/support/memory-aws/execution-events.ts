import type { ExecutionEvent, ExecutionEvents } from '../../../ports/account/execution-events.ts';

/** Events in memory: tests tell them. */
export class MemoryExecutionEvents implements ExecutionEvents {
  readonly #events = new Map<string, ExecutionEvent[]>();

  async since(
    execution: string,
    after: number,
    { outputs } = { outputs: true },
  ): Promise<{ last: number; events: ExecutionEvent[] }> {
    const all = this.#events.get(execution) ?? [];
    const events = all.slice(after).map((event) => (outputs ? event : { ...event, output: null }));
    return { last: all.length, events };
  }

  /** For tests: something happened. */
  tell(execution: string, event: ExecutionEvent): void {
    this.#events.set(execution, [...(this.#events.get(execution) ?? []), event]);
  }
}
