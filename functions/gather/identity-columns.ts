/** The columns that results.csv begins with: whose row a row is. */
import type { Row, Task } from '../../core/run-store/records/records.ts';
import { shownCell } from './csv-cells.ts';

/** As logs.csv calls them, and the number of a row among its task's. */
const names = ['file_name', 'column_name', 'task_id', 'row'] as const;
export type IdentityColumn = (typeof names)[number];

/** What must be known of all results before the first row is written. */
export class Shape {
  /** A task returned a list of rows, however many. */
  hasLists = false;
  /** Names of ours that tasks have of their own. */
  readonly #taken = new Set<string>();

  see(result: Row | Row[]): void {
    const isList = Array.isArray(result);
    this.hasLists ||= isList;
    for (const row of isList ? result : [result])
      for (const name of names) if (Object.hasOwn(row, name)) this.#taken.add(name);
  }

  /** Ours, without those that any row has of its own: no cell says two things. */
  columns(): IdentityColumn[] {
    return names.filter((name) => !this.#taken.has(name) && (name !== 'row' || this.hasLists));
  }
}

/** A task's cells under these names, as they stand in logs.csv. */
export function identityCells({ file, column, id }: Task): Record<Exclude<IdentityColumn, 'row'>, string> {
  return { file_name: shownCell(file), column_name: shownCell(column ?? ''), task_id: id };
}
