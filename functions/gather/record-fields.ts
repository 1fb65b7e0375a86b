/** Reads rows from the JSON text of a record, without losing the digits of its numbers. */

import type { TaskError } from '../../core/run-store/records/records.ts';
import { cell } from './csv-cells.ts';

const quote = 0x22;
const backslash = 0x5c;

/** End of the string that starts at `start` (its opening quote): the index after its closing quote. */
function endOfString(json: string, start: number): number {
  for (let end = json.indexOf('"', start + 1); ; end = json.indexOf('"', end + 1)) {
    let slashes = 0;
    while (json.charCodeAt(end - 1 - slashes) === backslash) slashes++;
    if (slashes % 2 === 0) return end + 1;
  }
}

/** End of the value that starts at `start`. The text must be valid JSON without white space. */
function endOfValue(json: string, start: number): number {
  let depth = 0;
  for (let at = start; at < json.length; ) {
    const character = json.charCodeAt(at);
    if (character === quote) {
      at = endOfString(json, at);
      if (depth === 0) return at;
      continue;
    }
    // [ and {, then ] and }
    if (character === 0x5b || character === 0x7b) depth++;
    else if (character === 0x5d || character === 0x7d) {
      if (depth === 0) return at;
      depth--;
      if (depth === 0) return at + 1;
    } else if (character === 0x2c && depth === 0) return at;
    at++;
  }
  return json.length;
}

function textOf(json: string, start: number, end: number): string {
  const inside = json.slice(start + 1, end - 1);
  return inside.includes('\\') ? JSON.parse(`"${inside}"`) : inside;
}

/**
 * Calls `visit` for each field of the object that starts at `start`, with its value as a CSV cell: numbers keep their
 * digits, null is empty, booleans are Python's, nested values are JSON text.
 * @param json text without white space between its tokens, as workers write it
 * @returns the index after the object's closing brace
 */
export function forEachField(
  json: string,
  start: number,
  visit: (name: string, value: string) => void,
): number {
  let at = start + 1;
  while (json[at] !== '}') {
    if (json[at] === ',') at++;
    const nameEnd = endOfString(json, at);
    const name = textOf(json, at, nameEnd);
    at = nameEnd + 1;
    const end = endOfValue(json, at);
    visit(name, valueCell(json, at, end));
    at = end;
  }
  return at + 1;
}

function valueCell(json: string, start: number, end: number): string {
  const first = json[start];
  if (first === '"') return cell(textOf(json, start, end));
  if (first === '{' || first === '[') return cell(json.slice(start, end));
  if (first === 'n') return '';
  if (first === 't') return 'True';
  return first === 'f' ? 'False' : json.slice(start, end);
}

/** Calls `visit` for each field of a row, with the value as a CSV cell. */
export type Fields = (visit: (name: string, value: string) => void) => void;

/**
 * Calls `row` for each row of a successful record's result, with its number, from 0, and its fields, which it must visit.
 * @param body start of the result: an object, or a list of objects
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

/** Error and output of a failed record. */
export function readFailure(record: string): { error: TaskError; output: string } {
  const { error, output = '' } = JSON.parse(record) as { error: TaskError; output?: string };
  return { error, output };
}
