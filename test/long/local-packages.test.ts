/** Packages in the project's folder: `.`, `-e .`, `./lib`. Only they are made anew when they change, not what they need. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, jest, test } from '@jest/globals';
import { LocalEnvironments } from '../../adapters/local/environments/local-environments.ts';
import type { Environment } from '../../ports/environments.ts';
import { localPackage } from '../support/environments/local-package.ts';
import { evaluate, offline, project, ready, temporary } from '../support/environments/temporary-projects.ts';
import { makeWheel } from '../support/environments/wheels.ts';

// Environments are made and packages built, which takes tens of seconds on a busy machine.
jest.setTimeout(300_000);

const wheels = temporary();
makeWheel(wheels, { name: 'barley', version: '1.0' });
makeWheel(wheels, { name: 'rye', version: '1.0' });

const said = 'import oats, barley; print(oats.text, barley.version)';

function shelf() {
  const cache = temporary();
  const environments = new LocalEnvironments({ cache, env: offline(wheels) });
  const install = (folder: string) => ready(environments, { project: folder, python: null });
  /** Names of environments of which pip installed a whole list. */
  const whole = () =>
    readdirSync(cache).filter(
      (name) => /^py[\d.]+-[0-9a-f]{32}$/.test(name) && existsSync(join(cache, name, 'complete.json')),
    );
  return { cache, install, whole };
}

test.each(['.', '-e .'])(
  '%s: an edit of the run’s own files makes nothing anew, an edit of the package the package only',
  async (line) => {
    const { install, whole } = shelf();
    const folder = project({
      ...localPackage('', 'one', 'barley'),
      'requirements.txt': `${line}\n`,
      'config.yaml': 'data_bucket: ./data\n',
      'data/a.csv': 'a\n',
    });
    const first = await install(folder);
    expect(evaluate(first, said)).toBe('one 1.0');
    for (const [name, text] of Object.entries({
      'entrypoint.py': 'def entrypoint(): return 7\n',
      'config.yaml': 'data_bucket: ./data\nprocess_column_keywords: none\n',
      'data/a.csv': 'b,c\n',
      'data/b.csv': 'b,c\n',
      'README.md': 'new',
      '.env': 'X=1',
      'results.csv': 'r',
    }))
      writeFileSync(join(folder, name), text);
    const same = await install(folder);
    expect(same.python).toEqual(first.python);
    expect(same.told).toEqual([]);

    writeFileSync(join(folder, 'src/oats.py'), 'text = "two"\n');
    const second = await install(folder);
    expect(second.told.join('\n')).not.toMatch(/virtual environment with Python/);
    expect(evaluate(second, said)).toBe('two 1.0');
    // A run that has begun keeps what it has begun with.
    expect(evaluate(first, said)).toBe('one 1.0');
    expect(whole()).toHaveLength(1);
  },
);

test('a module that the package has no more is gone', async () => {
  const { install } = shelf();
  const folder = project({
    ...localPackage('lib/', 'one'),
    'requirements.txt': '-e ./lib\nbarley\n',
    'lib/src/wheat.py': '',
  });
  expect(evaluate(await install(folder), 'import wheat, oats; print(oats.text)')).toBe('one');
  rmSync(join(folder, 'lib/src/wheat.py'));
  const found = await install(folder);
  expect(evaluate(found, 'import oats, importlib.util as u; print(u.find_spec("wheat"), oats.text)')).toBe(
    'None one',
  );
  expect(evaluate(found, 'import importlib.metadata as m; print(m.version("oats"))')).toBe('1');
});

test('what the package needs is installed anew when that changes', async () => {
  const { install, whole } = shelf();
  const folder = project({ ...localPackage('lib/', 'one', 'barley'), 'requirements.txt': './lib\n' });
  await install(folder);
  writeFileSync(join(folder, 'lib/needs-requirements.txt'), 'barley\nrye\n');
  expect(evaluate(await install(folder), 'import rye, oats; print(rye.version, oats.text)')).toBe('1.0 one');
  expect(whole()).toHaveLength(2);
});

test('two copies of a project, with another version of the package each, do not disturb one another', async () => {
  const { cache, install } = shelf();
  const one = project({ ...localPackage('', 'one', 'barley'), 'requirements.txt': '-e .\n' });
  const two = temporary();
  cpSync(one, two, { recursive: true });
  writeFileSync(join(two, 'src/oats.py'), 'text = "two"\n');
  const another = new LocalEnvironments({ cache, env: offline(wheels) });
  const both = await Promise.all([install(one), ready(another, { project: two, python: null })]);
  expect(both.map((made: Environment) => evaluate(made, said))).toEqual(['one 1.0', 'two 1.0']);
});

test('building leaves nothing in the project, and processes of its Python have the package, too', async () => {
  const { install } = shelf();
  const folder = project({ ...localPackage('', 'one', 'barley'), 'requirements.txt': '-e .\n' });
  const before = readdirSync(folder, { recursive: true }).sort();
  const found = await install(folder);
  expect(readdirSync(folder, { recursive: true }).sort()).toEqual(before);
  const code = `import subprocess, sys; print(subprocess.check_output([sys.executable, '-c', ${JSON.stringify(said)}], text=True))`;
  expect(evaluate(found, code)).toBe('one 1.0');
  rmSync(folder, { recursive: true });
  expect(evaluate(found, said)).toBe('one 1.0');
});

test('an edit of requirements.txt that only moves lines about makes the package anew, not the list', async () => {
  const { install, whole } = shelf();
  const folder = project({
    ...localPackage('lib/', 'one'),
    'requirements.txt': '# ours\n-e ./lib\nbarley\n',
  });
  const first = await install(folder);
  writeFileSync(join(folder, 'requirements.txt'), '-e ./lib\nbarley # at last\n');
  expect((await install(folder)).python).toEqual(first.python);
  expect(whole()).toHaveLength(1);
  expect(
    execFileSync(first.python[0]!, ['-c', 'import sys; print(sys.prefix != sys.base_prefix)'], {
      encoding: 'utf8',
    }),
  ).toBe('True\n');
});
