/** A run's `events.jsonl`: appended to as things happen. */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import type { RunEvent } from '../../../core/run-store/events/events.ts';

export class EventLog {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
    // A killed process may have left half a line: end it, so that what follows is not lost with it.
    const newline = 0x0a;
    if (existsSync(path) && readFileSync(path).at(-1) !== newline) appendFileSync(path, '\n');
  }

  append(event: RunEvent): void {
    appendFileSync(this.#path, `${JSON.stringify(event)}\n`);
  }
}
