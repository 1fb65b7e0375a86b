/** `.python-version` is looked for from the project's folder upward, wherever the command runs. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { LocalEnvironments } from '../../../../../../adapters/local/environments/local-environments.ts';
import { machine } from '../../../../../support/environments/fake-pythons.ts';
import { project } from '../../../../../support/environments/temporary-projects.ts';

/** A machine with a `python3` that is not the one that is asked for, and 3.9.18 and 3.10.13 of pyenv's. */
function withPyenv() {
  const made = machine();
  const usual = made.python('b/python3', '3.13.2');
  const nine = made.python('.pyenv/versions/3.9.18/bin/python3', '3.9.18');
  const ten = made.python('.pyenv/versions/3.10.13/bin/python3', '3.10.13');
  return { ...made, usual, nine, ten };
}

test.each(['3.9.18\n', '# ours\n3.9\n', 'cpython-3.9\n', '3.8.1\n3.9.18\n'])('%j', async (text) => {
  const { choose, nine } = withPyenv();
  const folder = project({ '.python-version': text });
  mkdirSync(join(folder, 'deep/er'), { recursive: true });
  for (const place of [folder, join(folder, 'deep/er')])
    expect(await choose(null, place)).toMatchObject({ executable: nine });
  expect((await choose(null, folder)).notice).toBeUndefined();
});

test('the nearest one counts; config.yaml goes before it', async () => {
  const { choose, nine, ten } = withPyenv();
  const folder = project({ '.python-version': '3.9', 'sub/.python-version': '3.10' });
  expect(await choose(null, join(folder, 'sub'))).toMatchObject({ executable: ten });
  expect(await choose('3.9', join(folder, 'sub'))).toMatchObject({ executable: nine });
});

test('a shim of pyenv leads to the Python of the project, not to that of the current directory', async () => {
  const { write, choose, home } = machine();
  const answer = (version: string) =>
    `echo '${JSON.stringify({ executable: `/${version}`, base: '/x', version, release: [3, 9, 1], implementation: 'cpython', platform: 'x', venv: true })}'`;
  write(
    'a/python3',
    `if [ "$PYENV_DIR" = "$PWD" ] && [ -f here ]; then ${answer('3.9.1')}; else ${answer('3.9.2')}; fi`,
  );
  writeFileSync(join(home, 'here'), '');
  expect(await choose(null)).toMatchObject({ version: '3.9.1' });
  expect(await choose(null, project({}))).toMatchObject({ version: '3.9.2' });
});

test('one that is not there: of the same minor version, else any, and a line says so', async () => {
  const { choose, nine, usual } = withPyenv();
  const close = project({ '.python-version': '3.9.1\n' });
  expect(await choose(null, close)).toMatchObject({
    executable: nine,
    notice: `${close}/.python-version requires Python 3.9.1, which is not on this machine: using 3.9.18`,
  });
  const far = await choose(null, project({ '.python-version': '3.12\n' }));
  expect(far).toMatchObject({
    executable: usual,
    notice: expect.stringMatching('3.12, which is not .*using 3.13.2$'),
  });
  const system = await choose(null, project({ '.python-version': 'system\n' }));
  expect(system).toMatchObject({ executable: usual });
  expect(system.notice).toBeUndefined();
});

test('an environment of pyenv by its name', async () => {
  const { choose, python } = withPyenv();
  const own = python('.pyenv/versions/lab/bin/python', '3.10.13');
  expect(await choose(null, project({ '.python-version': 'lab' }))).toMatchObject({ executable: own });
});

test('what is active in the shell goes before it', async () => {
  const { choose, python, env, home, usual, nine } = withPyenv();
  const folder = project({ '.python-version': '3.9' });
  env.VIRTUAL_ENV = join(home, 'gone');
  expect(await choose(null, folder)).toMatchObject({ executable: nine });
  python('venv/bin/python', '3.13.2');
  env.VIRTUAL_ENV = join(home, 'venv');
  expect(await choose(null, folder)).toMatchObject({ executable: usual });
  delete env.VIRTUAL_ENV;
  env.PYENV_VERSION = '3.10.13';
  expect(await choose(null, folder)).toMatchObject({ executable: usual });
});

test('a run and its copy of the project have the same; the line comes once', async () => {
  const { env } = withPyenv();
  const folder = project({ '.python-version': '3.9.1', 'copy/.python-version': '3.9.1' });
  const environments = new LocalEnvironments({ env });
  for (const place of [folder, join(folder, 'copy')])
    expect(await environments.find({ project: place, python: null })).toMatchObject({
      version: '3.9.18',
      notices: [expect.stringContaining('requires Python 3.9.1')],
    });
});
