/** Environments that uv itself installs into, and those that it leaves to pip. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, jest, test } from '@jest/globals';
import { LocalEnvironments } from '../../adapters/local/environments/local-environments.ts';
import { localPackage } from '../support/environments/local-package.ts';
import { evaluate, offline, project, ready, temporary } from '../support/environments/temporary-projects.ts';
import { makeWheel } from '../support/environments/wheels.ts';

// Environments are made and packages built, which takes tens of seconds on a busy machine.
jest.setTimeout(300_000);

const tool = temporary();
const wheels = temporary();
makeWheel(wheels, { name: 'barley', version: '1.0' });
makeWheel(wheels, { name: 'barley', version: '2.0' });
makeWheel(wheels, { name: 'rye', version: '1.0', needs: ['barley<2'] });

beforeAll(() => {
  execFileSync('python3', ['-m', 'pip', 'install', '--quiet', '--target', tool, 'uv>=0.5,<1']);
});

const withUv = (more: Record<string, string> = {}) => ({
  ...offline(wheels),
  PATH: `${join(tool, 'bin')}:${process.env.PATH}`,
  ...more,
});

const install = (files: Record<string, string>, env = withUv(), cache = temporary()) =>
  ready(new LocalEnvironments({ cache, env }), { project: project(files), python: null });

/** Who has installed a package. */
const installerOf = (name: string) =>
  `import importlib.metadata as m; print(m.version(${JSON.stringify(name)}), m.distribution(${JSON.stringify(name)}).read_text('INSTALLER').strip())`;

test('it installs what pip would, from where pip would', async () => {
  const limits = temporary();
  writeFileSync(join(limits, 'limits.txt'), 'barley<2\n');
  const env = withUv({
    PIP_CONSTRAINT: join(limits, 'limits.txt'),
    UV_INDEX_URL: 'http://127.0.0.1:9/simple',
  });
  for (const [files, made] of [
    [{ 'requirements.txt': 'barley\n' }, withUv()],
    [{ 'requirements.txt': 'barley ; python_version > "3"\n' }, env],
  ] as const) {
    const found = await install(files, made);
    expect(evaluate(found, installerOf('barley'))).toBe(`${made === env ? '1.0' : '2.0'} uv`);
  }
});

test('local packages come on top of what it has installed', async () => {
  const found = await install({ ...localPackage('', 'one', 'rye'), 'requirements.txt': '-e .\n' });
  expect(evaluate(found, installerOf('barley'))).toBe('1.0 uv');
  expect(evaluate(found, 'import oats; print(oats.text)')).toBe('one');
});

test('a repository: the branch of now', async () => {
  const origin = temporary();
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', origin, '-c', 'user.name=x', '-c', 'user.email=x@example.com', ...args]);
  git('init', '--quiet', '--initial-branch', 'main');
  const commit = (text: string) => {
    for (const [name, content] of Object.entries(localPackage('', text))) {
      mkdirSync(join(origin, name, '..'), { recursive: true });
      writeFileSync(join(origin, name), content);
    }
    git('add', '.');
    git('commit', '--quiet', '-m', text);
  };
  for (const text of ['one', 'two']) {
    commit(text);
    const cache = temporary();
    const found = await install(
      { 'requirements.txt': `git+file://${origin}@main#egg=oats\n` },
      withUv(),
      cache,
    );
    expect(evaluate(found, 'import oats; print(oats.text)')).toBe(text);
    rmSync(cache, { recursive: true });
  }
});

test('what it cannot install, pip explains', async () => {
  const error = await install({ 'requirements.txt': 'barley\nnosuchgrain>=3\n' }).catch((thrown) => thrown);
  expect(error.message).toMatch(/^requirements\.txt: a package was not found\n.*nosuchgrain>=3/);
  const version = await install({ 'requirements.txt': 'barley==3\n' }).catch((thrown) => thrown);
  expect(version.message).toMatch(/^requirements\.txt: a version is not available for Python/);
  const conflict = await install({ 'requirements.txt': 'rye\nbarley==2.0\n' }).catch((thrown) => thrown);
  expect(conflict.message).toMatch(/^requirements\.txt: the packages conflict with each other/);
});
