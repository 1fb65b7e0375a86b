/** Takes a record apart, as text: every value stays as the worker wrote it. */
import type { TaskError } from '../../ports/records.ts';
import { forEachField } from './fields.ts';

const head =
  /^\{"status":"(?:succeeded|failed)","index":\d+,"task":"[^"]*","attempt":(\d+),"start":([^,]+),"end":([^,]+),"cpu":([^,]+),"memory":(\d+),"(result|error)":/;

export interface RecordText {
  attempt: string;
  start: string;
  end: string;
  cpu: string;
  memory: string;
  /** Where the result's or error's value begins in the text. */
  body: number;
}

/** The parts of a record that every record has. @throws Error for a text that is no record */
export function readHead(record: string): RecordText {
  const match = head.exec(record);
  if (!match) throw new Error(`not a record: ${record.slice(0, 200)}`);
  const [whole, attempt = '', start = '', end = '', cpu = '', memory = ''] = match;
  return { attempt, start, end, cpu, memory, body: whole.length };
}

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
