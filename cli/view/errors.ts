/** How an error looks on the terminal. */
import { ExitCode, GcdError } from '../../ports/errors.ts';
import { color } from './color.ts';

/**
 * Prints an error: a user's mistake as a sentence and how to mend it, a bug with its stack.
 * @returns the exit code that goes with it
 */
export function showError(error: unknown): ExitCode {
  if (error instanceof GcdError) {
    console.error(`${color.red('error:')} ${error.message}`);
    if (error.mend) console.error(indent(error.mend));
    return error.exitCode;
  }
  console.error(`${color.red('This is a bug in gcd-sfn.')} Please report it with these lines:`);
  console.error(error);
  return ExitCode.environment;
}

function indent(text: string): string {
  return text.replace(/^/gm, '  ');
}
