/** How an error looks on the terminal. */
import { ExitCode, GcdError } from '../../core/errors/errors.ts';
import { escapeControlChars } from './escape-control-chars.ts';
import { color } from './output.ts';

/**
 * Prints an error: a user's mistake as a sentence and how to fix it, a bug with its stack.
 * @returns the exit code that goes with it
 */
export function showError(error: unknown): ExitCode {
  if (error instanceof GcdError) {
    console.error(`${color.red('error:')} ${harmless(error.message)}`);
    if (error.hint) console.error(indent(harmless(error.hint)));
    return error.exitCode;
  }
  if (isSystemError(error)) {
    console.error(`${color.red('error:')} ${harmless(error.message)}`);
    return ExitCode.environment;
  }
  console.error(`${color.red('This is a bug in gcd-sfn.')} Please report it with these lines:`);
  console.error(error);
  return ExitCode.environment;
}

/** What the operating system refused: a folder that is not writable, a full disk, too many open files. */
function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return (
    error instanceof Error &&
    'syscall' in error &&
    /^E[A-Z]+$/.test(String((error as NodeJS.ErrnoException).code))
  );
}

/** Names that others gave may stand in it. */
const harmless = (text: string) => text.split('\n').map(escapeControlChars).join('\n');

function indent(text: string): string {
  return text.replace(/^/gm, '  ');
}

/** An error from elsewhere, for a terminal: its first line with its name; the others, say a traceback, indented below it. */
export function failureLines({ name, message }: { name: string; message: string }): string[] {
  const [first = '', ...rest] = message.trimEnd().split(/\r?\n/);
  return [
    escapeControlChars(`${name}: ${first}`),
    ...rest.map((line) => (line === '' ? '' : `  ${escapeControlChars(line)}`)),
  ];
}
