/** What README, docs and help texts say of the command line is what it understands. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Command } from 'commander';
import { fullProgram } from '../../../cli/program.ts';
import { commandsPage, textAfter } from '../../../scripts/commands-page.ts';
import { packageRoot } from '../../support/cli/project.ts';

const read = (path: string) => readFileSync(join(packageRoot, path), 'utf8');
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(packageRoot, 'docs')).map((name) => `docs/${name}`),
].filter((path) => path.endsWith('.md'));
const program = await fullProgram();
const names = program.commands.map((command) => command.name());

/** Whether the command line takes the words of an example; nothing is run. @throws what it objects to */
async function parse(example: string): Promise<void> {
  const words = wordsOf(example);
  const whole = await fullProgram();
  whole.configureOutput({ writeOut: () => {}, writeErr: () => {} });
  for (const command of whole.commands) {
    command.configureOutput({ writeOut: () => {}, writeErr: () => {} });
    command.action(() => {}).exitOverride();
  }
  await whole.parseAsync(words, { from: 'user' }).catch((error) => {
    if (error.exitCode !== 0) throw new Error(`${example}: ${error.message}`);
  });
}

/** The words behind `gcd-sfn`, up to a remark, a pipe or another command. */
function wordsOf(example: string): string[] {
  const [command = ''] = example.split(/\s+#\s|\s\s+|\s*[|;>]|\s+&&\s/);
  return [...command.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, a, b, c]) => a ?? b ?? c ?? '').slice(1);
}

/** Lines of `Examples:` in a help, from `gcd-sfn` on. */
const examplesOf = (command: Command) =>
  [...(textAfter(command).split('\n\n')[0] ?? '').matchAll(/^ {2}\$ (gcd-sfn.*)$/gm)].map(
    ([, line = '']) => line,
  );

/** What a page says that one may type: in fenced blocks and between backticks. */
function examplesIn(page: string): string[] {
  const text = read(page);
  const fences = [...text.matchAll(/^```.*\n([\s\S]*?)^```/gm)].map(([, body = '']) => body);
  const prose = text.replace(/^```[\s\S]*?^```/gm, '');
  const spans = [...prose.matchAll(/`([^`]+)`/g)].map(([, span = '']) => span);
  const lines = [...fences.join('\n').split('\n'), ...spans];
  return lines.flatMap((line) => /(?:^|(?:^\s*\$|npx|&&)\s+)(gcd-sfn\s.*)$/.exec(line)?.[1] ?? []);
}

describe('each command', () => {
  test.each(names)('%s: has examples that are understood, and describes each option', async (name) => {
    const command = program.commands.find((one) => one.name() === name)!;
    expect(textAfter(command)).toMatch(/^Examples:\n/);
    const examples = examplesOf(command);
    expect(examples.length).toBeGreaterThan(0);
    for (const example of examples) {
      expect(wordsOf(example)[0]).toBe([name, command.alias()].find((one) => one === wordsOf(example)[0]));
      await parse(example);
    }
    for (const one of [...command.options, ...command.registeredArguments])
      expect([one.description, one]).toEqual([expect.stringMatching(/\w/), one]);
  });
});

describe('what is documented', () => {
  test.each(pages)('%s: its examples are understood', async (page) => {
    for (const example of examplesIn(page)) {
      const [first = ''] = wordsOf(example);
      // `gcd-sfn --version`, and `gcd-sfn COMMAND --help` for any of them.
      if (first.startsWith('-') || first === 'COMMAND') continue;
      await parse(example.replace(/…|\bFOLDER\b|\bDIR\b/g, 'x'));
    }
  });

  test('the pages have examples at all', () => {
    expect(pages.flatMap(examplesIn).length).toBeGreaterThan(10);
    expect(examplesIn('README.md').length).toBeGreaterThan(3);
  });

  test('docs/commands.md is current; if not: node scripts/commands-page.ts', async () => {
    expect(read('docs/commands.md')).toBe(await commandsPage());
  });
});

/** What looks like a path of this repository between backticks: it begins with one of its folders. */
function pathsIn(page: string): string[] {
  const folders =
    'adapters|bench|buildspecs|cli|core|docs|examples|functions|ports|runs/local|runs/aws|scripts|stack|state-machines|test|worker';
  const path = new RegExp(`\`((?:${folders})/[\\w./-]+)\``, 'g');
  return [...read(page).matchAll(path)].map(([, found = '']) => found);
}

const withDecisions = [
  ...pages,
  ...readdirSync(join(packageRoot, 'docs/decisions')).map((name) => `docs/decisions/${name}`),
];

describe('files that pages name', () => {
  test.each(withDecisions)('%s: each exists', (page) => {
    expect(pathsIn(page).filter((path) => !existsSync(join(packageRoot, path)))).toEqual([]);
  });

  test('some pages name files', () => {
    expect(withDecisions.flatMap(pathsIn).length).toBeGreaterThan(40);
  });
});

/** Links of a page to files of this repository: `[file, heading]`, from the root. */
function linksIn(page: string): [path: string, heading: string | undefined][] {
  const found = read(page).matchAll(/\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]+))?\)/g);
  return [...found].map(([, path, heading]) => [path ? join(dirname(page), path) : page, heading]);
}

/** Headings as anchors, by GitHub's rule. */
const anchorsOf = (page: string) =>
  [...read(page).matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

test.each(withDecisions)('%s: its links lead to files and headings that exist', (page) => {
  const broken = linksIn(page).filter(([path, heading]) => {
    if (!existsSync(join(packageRoot, path))) return true;
    return heading !== undefined && !anchorsOf(path).includes(heading);
  });
  expect(broken).toEqual([]);
});

describe('these tests', () => {
  test.each([
    'gcd-sfn start --no-such',
    'gcd-sfn no-such',
    'gcd-sfn start -n many',
    'gcd-sfn completion tcsh',
  ])('refuse what is not understood: %s', async (example) => {
    await expect(parse(example)).rejects.toThrow(example);
  });
});
