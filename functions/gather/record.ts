/** Takes a record apart, as text: every value stays as the worker wrote it. */
import type { TaskError } from '../../core/run-store/records/records.ts';
import { forEachField } from './record-fields.ts';

/** Calls `visit` for each field of a row, with the value as a CSV cell. */
export type Fields = (visit: (name: string, value: string) => void) => void;

/**
 * Calls `row` for each row of a successful record's result, with its number, from 0, and its fields, which it must visit.
 * @param body where the result begins: an object, or a list of them
 */
export function forEachRow(
  record: string,
  body: number,
  row: (number: number, fields: Fields) => void,
): void {
  let at = body;
  const fields: Fields = (visit) => {
    at = forEachField(record, at, visit);
  };
  if (record[body] !== '[') {
    row(0, fields);
    return;
  }
  at++;
  for (let number = 0; record[at] !== ']'; number++) {
    if (record[at] === ',') at++;
    row(number, fields);
  }
}

/** What a failed record says of its failure. */
export function readFailure(record: string): { error: TaskError; output: string } {
  const { error, output = '' } = JSON.parse(record) as { error: TaskError; output?: string };
  return { error, output };
}
