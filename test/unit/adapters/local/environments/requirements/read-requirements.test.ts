import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { makePlan } from '../../../../../../adapters/local/environments/environment-plan.ts';
import type { Interpreter } from '../../../../../../adapters/local/environments/python/inspect-interpreter.ts';
import { readRequirements } from '../../../../../../adapters/local/environments/requirements/read-requirements.ts';
import { parseNamed } from '../../../../../../adapters/local/environments/requirements/requirement.ts';
import { ProjectInvalid } from '../../../../../../core/errors/errors.ts';
import { project } from '../../../../../support/environments/temporary-projects.ts';

const interpreter: Interpreter = {
  executable: '/usr/bin/python3',
  base: '/usr/bin/python3.11',
  version: '3.11.7',
  release: [3, 11, 7],
  implementation: 'cpython',
  platform: 'linux x86_64',
  venv: true,
};

const textsOf = async (folder: string) => (await readRequirements(folder)).entries.map(({ text }) => text);
const keyOf = async (files: Record<string, string | Uint8Array>, python = interpreter) =>
  (await makePlan(project(files), python)).key;

test('comments, continued lines, marks and ends of lines', async () => {
  const text = [
    '# a comment with a backslash \\',
    'numpy>=1.20   # another',
    'pandas==2.0 \\',
    '    --hash=sha256:abc \\',
    '    --hash=sha256:def',
    '',
    'scipy ; python_version < "3.12"',
    'x @ https://example.com/x.whl#sha256=1',
    '--extra-index-url https://example.com/simple --pre',
  ];
  const expected = [
    'numpy>=1.20',
    'pandas==2.0     --hash=sha256:abc     --hash=sha256:def',
    'scipy ; python_version < "3.12"',
    'x @ https://example.com/x.whl#sha256=1',
    '--extra-index-url https://example.com/simple --pre',
  ];
  const crlf = project({ 'requirements.txt': `\ufeff${text.join('\r\n')}\r\n` });
  expect(await textsOf(crlf)).toEqual(expected);
  const utf16 = Buffer.from(`\ufeff${text.join('\n')}`, 'utf16le');
  expect(await textsOf(project({ 'requirements.txt': utf16 }))).toEqual(expected);
  expect((await readRequirements(crlf)).entries.map(({ line }) => line)).toEqual([2, 3, 7, 8, 9]);
});

test('includes become part of the list, other paths absolute', async () => {
  const folder = project({
    'requirements.txt':
      '-r reqs/base.txt\n-c "reqs/our limits.txt"\n-f ./wheels --no-index\n./lib[fast] ; extra == "x"\n-e .\n-e git+https://example.com/a.git#egg=a\nwheels/a-1-py3-none-any.whl',
    'reqs/base.txt': 'numpy\n--requirement=more.txt\n',
    'reqs/more.txt': 'scipy',
    'reqs/our limits.txt': 'numpy<2',
    'wheels/a-1-py3-none-any.whl': 'x',
    'lib/setup.py': '',
  });
  const { entries, attached } = await readRequirements(folder);
  expect(entries.map(({ text }) => text)).toEqual([
    'numpy',
    'scipy',
    `-c '${folder}/reqs/our limits.txt'`,
    `-f ${folder}/wheels --no-index`,
    `${folder}/lib[fast] ; extra == "x"`,
    folder,
    "-e 'git+https://example.com/a.git#egg=a'",
    `${folder}/wheels/a-1-py3-none-any.whl`,
  ]);
  expect(entries[1]).toMatchObject({ file: join('reqs', 'more.txt'), line: 1 });
  expect(attached.map((path) => path.slice(folder.length))).toEqual([
    '/reqs/our limits.txt',
    '/wheels',
    '/lib',
    '',
    '/wheels/a-1-py3-none-any.whl',
  ]);
});

test.each([
  ['-r missing.txt', 'requirements.txt, line 2: missing.txt is missing in the project folder'],
  ['-c missing.txt', 'missing.txt is missing'],
  ['-e ../lib', '../lib is missing'],
  ['./lib-1.0.whl', './lib-1.0.whl is missing'],
  ['-r requirements.txt', 'includes itself'],
])('%s is refused', async (line, message) => {
  const reading = readRequirements(project({ 'requirements.txt': `\n${line}` }));
  await expect(reading).rejects.toThrow(ProjectInvalid);
  await expect(reading).rejects.toThrow(message);
});

test('only what asks for a package needs an environment', async () => {
  for (const text of ['', '# numpy\n', '--index-url https://example.com\n-c limits.txt', '\ufeff\r\n'])
    expect(await keyOf({ 'requirements.txt': text, 'limits.txt': 'numpy<2' })).toBe('');
  expect(await keyOf({})).toBe('');
  expect(await keyOf({ 'requirements.txt': 'numpy' })).not.toBe('');
});

test('the key tells what makes a difference, and nothing else', async () => {
  const files = {
    'requirements.txt': '-c limits.txt\n./lib\n',
    'limits.txt': 'numpy<2',
    'lib/setup.py': 'one',
  };
  const key = await keyOf(files);
  expect(key).toMatch(/^py3\.11\.7-[0-9a-f]{32}-[0-9a-f]{16}$/);
  expect(await keyOf({ ...files, 'requirements.txt': '# x\r\n-c limits.txt\r\n./lib' })).toBe(key);
  expect(await keyOf({ ...files, 'lib/build/lib/x.py': 'made', 'lib/x.egg-info/PKG-INFO': 'made' })).toBe(
    key,
  );
  const others = [
    keyOf({ ...files, 'limits.txt': 'numpy<3' }),
    keyOf({ ...files, 'lib/setup.py': 'two' }),
    keyOf({ ...files, 'requirements.txt': '-c limits.txt\n./lib\nscipy' }),
    keyOf(files, { ...interpreter, version: '3.11.8' }),
    keyOf(files, { ...interpreter, base: '/opt/python' }),
    keyOf(files, { ...interpreter, platform: 'linux aarch64' }),
  ];
  expect(new Set([key, ...(await Promise.all(others))]).size).toBe(7);
});

test('of a project that is a package, only what a build takes makes a difference', async () => {
  const files = {
    'requirements.txt': '-e .\n',
    'pyproject.toml': '[project]\nname = "x"\nversion = "1"\n',
    'src/x/__init__.py': 'one',
    'src/x/table.csv': 'one',
    'helper.py': 'one',
  };
  const planOf = async (more: Record<string, string> = {}) =>
    makePlan(project({ ...files, ...more }), interpreter);
  const { key, base } = await planOf();
  expect(key.startsWith(`${base}-`)).toBe(true);
  const nothing = {
    'entrypoint.py': 'two',
    'config.yaml': 'two',
    'data/a.csv': 'two',
    '.env': 'two',
    'a.csv': 'two',
  };
  for (const [name, text] of Object.entries(nothing)) expect((await planOf({ [name]: text })).key).toBe(key);
  for (const name of ['src/x/__init__.py', 'src/x/y.py', 'helper.py']) {
    const other = await planOf({ [name]: 'another' });
    expect(other.base).toBe(base);
    expect(other.key).not.toBe(key);
  }
  const needs = await planOf({
    'pyproject.toml': '[project]\nname = "x"\nversion = "1"\ndependencies = ["six"]\n',
  });
  expect(needs.base).not.toBe(base);
  const lists = { 'setup.py': 'open("deps/all.txt")' };
  const deps = await planOf({ ...lists, 'deps/all.txt': 'six' });
  expect((await planOf({ ...lists, 'deps/all.txt': 'attrs' })).base).not.toBe(deps.base);
});

test('parts of a requirement', () => {
  expect(parseNamed('Foo-Bar[a,b] >=1,<2 ; python_version<"3.9"')).toEqual({
    name: 'Foo-Bar',
    extras: '[a,b]',
    versions: '>=1,<2',
    marker: '; python_version<"3.9"',
  });
  expect(parseNamed('pandas==1.3.5')).toMatchObject({ name: 'pandas', versions: '==1.3.5' });
  expect(parseNamed('numpy')).toMatchObject({ name: 'numpy', versions: '' });
  for (const text of ['x @ https://a/b', './x', '-e x', 'x==1 --hash=sha256:1', 'https://a/b.whl'])
    expect(parseNamed(text)).toBeUndefined();
});
