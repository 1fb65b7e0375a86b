/** Returned values that a table cannot represent: the number of tasks with some, and the first of them. */
import type { Task } from '../../core/run-store/records/records.ts';
import type { TextValues } from '../../core/run-store/status/summary.ts';

/** Text of a record that names such values; other records may contain it, too. */
const mark = '"texts":{';
const maxNamed = 3;

export class TextCount {
  readonly #first: TextValues['first'] = [];
  #tasks = 0;

  /** Adds a task. @param record its text */
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

  /** Undefined if there are none. */
  get found(): TextValues | undefined {
    return this.#tasks > 0 ? { tasks: this.#tasks, first: this.#first } : undefined;
  }
}
