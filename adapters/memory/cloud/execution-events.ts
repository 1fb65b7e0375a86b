import type { ExecutionEvent, ExecutionEvents } from '../../../ports/execution-events.ts';

/** Events in memory: tests tell them. */
export class MemoryExecutionEvents implements ExecutionEvents {
  readonly #events = new Map<string, ExecutionEvent[]>();

  async since(execution: string, after: number): Promise<{ last: number; events: ExecutionEvent[] }> {
    const all = this.#events.get(execution) ?? [];
    return { last: all.length, events: all.slice(after) };
  }

  /** For tests: something happened. */
  tell(execution: string, event: ExecutionEvent): void {
    this.#events.set(execution, [...(this.#events.get(execution) ?? []), event]);
  }
}
