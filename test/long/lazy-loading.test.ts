/** The list of commands is shown without loading any of them. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from '@jest/globals';
import { newProject, packageRoot } from '../support/cli/project.ts';

/** As modules are named: a space in the path is none in the address. */
const root = `${pathToFileURL(packageRoot)}/`;

/** Paths of this package's own modules that a call of the command line loads. */
function loaded(...args: string[]): string[] {
  const script = `
    const { registerHooks } = require('node:module');
    registerHooks({ load(url, context, next) {
      if (url.startsWith(${JSON.stringify(root)}) && !url.includes('/node_modules/'))
        process.stderr.write('loaded ' + url.slice(${root.length}) + '\\n');
      return next(url, context);
    } });`;
  const hook = `data:text/javascript,import { createRequire } from 'node:module'; const require = createRequire('file:///');${encodeURIComponent(script)}`;
  const { stderr } = run(['--import', hook, join(packageRoot, 'cli/main.ts'), ...args]);
  return [...stderr.matchAll(/^loaded (.*)$/gm)].map(([, path = '']) => path);
}

function run(args: string[]): { stderr: string } {
  const stderr = execFileSync('sh', ['-c', '"$0" "$@" 2>&1 >/dev/null', process.execPath, ...args], {
    encoding: 'utf8',
  });
  return { stderr };
}

test('gcd-sfn --help loads no command', () => {
  const files = loaded('--help');
  expect(files).toContain('cli/commands.ts');
  expect(files.filter((path) => path.startsWith('cli/commands/'))).toEqual([]);
  expect(files.filter((path) => /^(runs|functions|adapters\/aws)\//.test(path))).toEqual([]);
});

test('a command loads no other', () => {
  const files = loaded('validate', '--help');
  expect(files.filter((path) => path.startsWith('cli/commands/'))).toEqual(['cli/commands/validate.ts']);
});

test.each([[['start', '--help']], [['resume', '--help']], [['status', '--help']], [['logs', '--help']]])(
  'what is about AWS is not loaded before a run there is meant: %j',
  (args) => {
    const files = loaded(...args);
    expect(files.some((path) => path.startsWith(`cli/commands/${args[0]}`))).toBe(true);
    expect(files.filter((path) => /^(adapters\/aws|runs\/aws|cli\/aws)\//.test(path))).toEqual([]);
  },
);

test('a run on this machine loads nothing that is about AWS', async () => {
  const project = await newProject({
    'entrypoint.py': 'def entrypoint(**_):\n    return {}\n',
    'config.yaml': 'data_bucket: ./data\n',
    'data/a.bin': 'x',
  });
  try {
    const files = loaded('start', '--project', project.folder, '-n', '0');
    expect(await project.read('results/logs.csv')).toContain('a.bin');
    expect(files.filter((path) => /^(adapters\/aws|runs\/aws|cli\/aws)\//.test(path))).toEqual([]);
  } finally {
    await project.remove();
  }
});
