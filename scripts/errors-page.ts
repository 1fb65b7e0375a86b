/** Writes docs/errors.md from the error classes and what core/errors/errors-reference.ts says of them: node scripts/errors-page.ts */
import { writeFileSync } from 'node:fs';
import * as errors from '../core/errors/errors.ts';
import { type ErrorName, errorsReference, exitCodesReference } from '../core/errors/errors-reference.ts';

const { ExitCode } = errors;

/** The text of docs/errors.md. */
export function errorsPage(): string {
  const names = Object.keys(errorsReference) as ErrorName[];
  const rows = names.map((name) => {
    const { cause, messages, hint } = errorsReference[name];
    const said = messages.map((message) => code(message)).join('<br>');
    return `| \`${name}\` | ${exitCodeOf(name)} | ${cell(cause)} | ${said} | ${cell(hint)} |`;
  });
  const codes = Object.entries(exitCodesReference).map(
    ([name, meaning]) => `| ${ExitCode[name as keyof typeof ExitCode]} | ${meaning} |`,
  );
  return `# Errors and exit codes

<!-- Made by node scripts/errors-page.ts from core/errors/errors-reference.ts: change that one. -->

An error is shown as what is wrong, and below it how to fix it. A stack trace, and "This is a bug in gcd-sfn", means
what it says: please report it.

## Exit codes

| exit code | meaning |
|---|---|
${codes.join('\n')}

## Errors

What ends a command. Tasks that fail do not: they are rows of error.csv, whose classes are in
[results.md](results.md#errorcsv). The names are also those by which the state machine tells errors apart. In the
messages, … stands for what differs.

| error | exit code | cause | messages | how to fix it |
|---|---|---|---|---|
${rows.join('\n')}

What the operating system refuses in another place (a folder that cannot be written, too many open files) is shown in
its own words, with exit code ${ExitCode.environment}.
`;
}

/** Of the class of that name. */
const exitCodeOf = (name: ErrorName): number =>
  new (new Map(Object.entries(errors)).get(name) as typeof errors.UsageError)('').exitCode;

const cell = (text: string): string => text.replaceAll('|', '\\|');

/** Backticks inside are kept by taking two around. */
const code = (text: string): string => (text.includes('`') ? `\`\` ${cell(text)} \`\`` : `\`${cell(text)}\``);

if (import.meta.main) writeFileSync(new URL('../docs/errors.md', import.meta.url), errorsPage());
