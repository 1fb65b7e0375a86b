/** Checks of `validate` and `doctor`: shape, rendering, exit code. */
import { ExitCode, GcdError } from '../../core/errors/errors.ts';
import { color } from '../terminal/output.ts';

export interface Check {
  what: string;
  /** `note`: a run works, but there is something to know. `wrong`: a run does not work. */
  state: 'ok' | 'note' | 'wrong';
  /** One or more lines. */
  says: string;
  hint?: string;
  /** Exit code when it is wrong. */
  exitCode?: ExitCode;
}

/** Runs a check: an error for the user becomes `wrong`, any other is a bug and is rethrown. */
export async function checked(what: string, look: () => Promise<Omit<Check, 'what'>>): Promise<Check> {
  try {
    return { what, ...(await look()) };
  } catch (error) {
    if (!(error instanceof GcdError)) throw error;
    const { message, hint, exitCode } = error;
    return { what, state: 'wrong', says: message, ...(hint !== undefined && { hint }), exitCode };
  }
}

export const ok = (says: string): Omit<Check, 'what'> => ({ state: 'ok', says });
export const note = (says: string, hint?: string): Omit<Check, 'what'> => ({
  state: 'note',
  says,
  ...(hint !== undefined && { hint }),
});

/** Wrong input takes precedence: the user can fix it at once. */
export function exitCodeOf(checks: Check[]): ExitCode {
  const codes = checks
    .filter(({ state }) => state === 'wrong')
    .map(({ exitCode }) => exitCode ?? ExitCode.usage);
  return codes.includes(ExitCode.usage) ? ExitCode.usage : (codes[0] ?? ExitCode.done);
}

type Variables = Record<string, string | undefined>;

const plainMarks = { ok: 'ok', note: '!', wrong: 'x' };
const marks = { ok: '✓', note: '!', wrong: '✗' };

/** The checks as lines; with ASCII marks where the locale is not UTF-8. */
export function checklist(checks: Check[], env: Variables = process.env): string[] {
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || '';
  const used = /utf-?8/i.test(locale) ? marks : plainMarks;
  const markWidth = Math.max(...Object.values(used).map((mark) => mark.length));
  const width = Math.max(...checks.map(({ what }) => what.length));
  const indent = ' '.repeat(markWidth + width + 3);
  return checks.map(({ what, state, says, hint }) => {
    const mark = used[state].padEnd(markWidth);
    const text = [says, ...(hint === undefined ? [] : [hint])].join('\n').replaceAll('\n', `\n${indent}`);
    return `${paint(state)(mark)} ${what.padEnd(width)}  ${text}`;
  });
}

function paint(state: Check['state']): (text: string) => string {
  if (!process.stdout.isTTY) return (text) => text;
  return { ok: color.green, note: color.yellow, wrong: color.red }[state];
}

/** Prints the checks as lines or JSON. @param more further fields of the JSON */
export function showChecks(checks: Check[], json: boolean, more: object = {}): void {
  const isFine = checks.every(({ state }) => state !== 'wrong');
  if (json)
    console.log(
      JSON.stringify({ ok: isFine, checks: checks.map(({ exitCode, ...check }) => check), ...more }),
    );
  else for (const line of checklist(checks)) console.log(line);
}
