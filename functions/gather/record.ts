/** Takes a record apart, as text: every value stays as the worker wrote it. */
import type { TaskError } from '../../ports/records.ts';
import { forEachField } from './fields.ts';

/** Calls `visit` for each field of a successful record's result, with the value as a CSV cell. */
export function forEachResult(
  record: string,
  body: number,
  visit: (name: string, value: string) => void,
): void {
  forEachField(record, body, visit);
}

/** What a failed record says of its failure. */
export function readFailure(record: string): { error: TaskError; output: string } {
  const { error, output = '' } = JSON.parse(record) as { error: TaskError; output?: string };
  return { error, output };
}
