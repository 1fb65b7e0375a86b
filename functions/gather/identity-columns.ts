/** The first columns of results.csv, which identify the task of a row. */
import type { Row, Task } from '../../core/run-store/records/records.ts';
import { shownCell } from './csv-cells.ts';

/** The names of logs.csv, and the number of a row among those of its task. */
const names = ['file_name', 'column_name', 'task_id', 'row'] as const;
export type IdentityColumn = (typeof names)[number];

/** What must be known about all results before the first row is written. */
export class Shape {
  /** Whether any task returned a list of rows. */
  hasLists = false;
  /** Our names that tasks returned themselves. */
  readonly #taken = new Set<string>();

  see(result: Row | Row[]): void {
    const isList = Array.isArray(result);
    this.hasLists ||= isList;
    for (const row of isList ? result : [result])
      for (const name of names) if (Object.hasOwn(row, name)) this.#taken.add(name);
  }

  /** Our columns, without those that any task returned itself. */
  columns(): IdentityColumn[] {
    return names.filter((name) => !this.#taken.has(name) && (name !== 'row' || this.hasLists));
  }
}

/** A task's cells in these columns, as in logs.csv. */
export function identityCells({ file, column, id }: Task): Record<Exclude<IdentityColumn, 'row'>, string> {
  return { file_name: shownCell(file), column_name: shownCell(column ?? ''), task_id: id };
}
