/** docs/errors.md says what there is. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import * as errors from '../../../core/errors/errors.ts';
import { errorsReference, exitCodesReference } from '../../../core/errors/errors-reference.ts';
import { errorsPage } from '../../../scripts/errors-page.ts';
import { packageRoot } from '../../support/cli/project.ts';

const page = readFileSync(join(packageRoot, 'docs/errors.md'), 'utf8');
const sources = ['adapters', 'cli', 'functions', 'core', 'ports', 'runs']
  .flatMap((folder) =>
    readdirSync(join(packageRoot, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && file !== 'errors-reference.ts')
      .map((file) => readFileSync(join(packageRoot, folder, file), 'utf8')),
  )
  .join('\n')
  .replaceAll(/\\(['`])/g, '$1');

test('docs/errors.md is current; if not: node scripts/errors-page.ts', () => {
  expect(page).toBe(errorsPage());
});

test('each class that can be thrown has its row, and there is no other', () => {
  const classes = Object.entries(errors)
    .filter(([name, value]) => typeof value === 'function' && /^[A-Z]/.test(name) && name !== 'GcdError')
    .map(([name]) => name);
  const rows = [...page.matchAll(/^\| `(\w+)` \| (\d+) \|/gm)].map(([, name = '', code]) => ({ name, code }));
  expect(rows.map(({ name }) => name).sort()).toEqual(classes.sort());
  expect(rows.find(({ name }) => name === 'InstallFailed')?.code).toBe('3');
  expect(rows.find(({ name }) => name === 'RunInterrupted')?.code).toBe('130');
});

test('each message is one that is said somewhere', () => {
  for (const [name, { messages }] of Object.entries(errorsReference))
    for (const message of messages)
      for (const part of message.split('…').map((text) => text.trim()))
        if (part.length > 5)
          expect([name, message, sources.includes(part) ? part : 'is not in the sources']).toContain(part);
});

test('the exit codes are those of the README', () => {
  const readme = readFileSync(join(packageRoot, 'README.md'), 'utf8');
  for (const [name, meaning] of Object.entries(exitCodesReference))
    expect(readme).toContain(`| ${errors.ExitCode[name as keyof typeof errors.ExitCode]} | ${meaning} |`);
});
