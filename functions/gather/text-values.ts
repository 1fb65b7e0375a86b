/** Values that had no form in a table: how many tasks returned some, and what the first of them were. */
import type { Task } from '../../core/run-store/records/records.ts';
import type { TextValues } from '../../core/run-store/status/summary.ts';

/** What stands in a record's text when it names such values, and perhaps in others. */
const mark = '"texts":{';
const maxNamed = 3;

export class TextCount {
  readonly #first: TextValues['first'] = [];
  #tasks = 0;

  /** Adds what a task's record (its text) says. */
  add({ file, column }: Task, record: string): void {
    if (!record.includes(mark)) return;
    const { texts } = JSON.parse(record) as { texts?: unknown };
    if (typeof texts !== 'object' || texts === null) return;
    this.#tasks++;
    for (const [key, type] of Object.entries(texts)) {
      const isKnown = this.#first.some((one) => one.key === key && one.type === type);
      if (typeof type === 'string' && !isKnown && this.#first.length < maxNamed)
        this.#first.push({ file, column, key, type });
    }
  }

  /** Undefined when there are none. */
  get found(): TextValues | undefined {
    return this.#tasks > 0 ? { tasks: this.#tasks, first: this.#first } : undefined;
  }
}
