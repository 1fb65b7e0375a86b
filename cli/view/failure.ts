import { neutral } from './neutral.ts';

/** An error from elsewhere, for a terminal: its first line with its name; the others, say a traceback, indented below it. */
export function failureLines({ name, message }: { name: string; message: string }): string[] {
  const [first = '', ...rest] = message.trimEnd().split(/\r?\n/);
  return [neutral(`${name}: ${first}`), ...rest.map((line) => (line === '' ? '' : `  ${neutral(line)}`))];
}
