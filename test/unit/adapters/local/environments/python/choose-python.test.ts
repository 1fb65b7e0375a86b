import { expect, test } from '@jest/globals';
import { LocalEnvironments } from '../../../../../../adapters/local/environments/local-environments.ts';
import { InstallFailed } from '../../../../../../core/errors/errors.ts';
import { machine } from '../../../../../support/environments/fake-pythons.ts';
import { project } from '../../../../../support/environments/temporary-projects.ts';

test('without a wish: python3, else python, else whatever there is', async () => {
  const { python, choose } = machine();
  const managed = python('.local/share/uv/python/cpython-3.12.4-linux-x86_64-gnu/bin/python3', '3.12.4');
  expect(await choose(null)).toMatchObject({ executable: managed });
  const named = python('b/python3.9', '3.9.1');
  python('b/python3.9-config', '3.9.1');
  expect(await choose(null)).toMatchObject({ executable: named });
  const plain = python('b/python', '3.8.0');
  expect(await choose(null)).toMatchObject({ executable: plain });
  const three = python('b/python3', '3.15.0');
  expect(await choose(null)).toMatchObject({ executable: three, version: '3.15.0' });
});

test('what does not run, hangs, is too old or no CPython is passed over', async () => {
  const { home, write, python, choose, refusal } = machine();
  write('a/python3', 'echo "pyenv: python3: command not found" >&2; exit 127');
  write('a/python', '/bin/sleep 1000');
  python('b/python3', '3.6.15');
  python('b/python', '3.10.0', { implementation: 'pypy' });
  const { message, hint } = await refusal(null);
  expect(message).toContain(`${home}/a/python3 fails with exit code 127: pyenv: python3: command not found`);
  expect(message).toContain(`${home}/a/python does not answer within 1 s`);
  expect(message).toContain(`${home}/b/python3 is Python 3.6.15: too old`);
  expect(message).toContain(`${home}/b/python is pypy, not CPython`);
  expect(hint).toMatch(/apt install.*brew install.*conda/);
  const good = python('b/python3.8', '3.8.20');
  expect(await choose(null)).toMatchObject({ executable: good });
});

test('no Python at all', async () => {
  const { refusal } = machine();
  expect((await refusal(null)).message).toBe('no Python on this machine');
  expect((await refusal('3.11')).message).toBe('no Python 3.11 on this machine');
});

test('a version is found by name, behind other names, and with pyenv; a shim leads to the real one', async () => {
  const { home, write, python, choose, refusal } = machine();
  python('b/python3', '3.13.2');
  expect(await choose('3')).toMatchObject({ version: '3.13.2' });
  expect(await choose('3.13')).toMatchObject({ executable: `${home}/b/python3` });
  expect((await refusal('3.130')).message).toContain('no Python 3.130');
  write('a/python3.11', 'exit 127');
  const { message } = await refusal('3.11');
  expect(message).toBe(`no Python 3.11 on this machine; found:\n  ${home}/b/python3 is Python 3.13.2`);
  const pyenv = python('.pyenv/versions/3.11.7/bin/python3', '3.11.7');
  expect(await choose('3.11')).toMatchObject({ executable: pyenv });
  expect(await choose('python3.11')).toMatchObject({ executable: pyenv });
  expect(await choose('3.11.7')).toMatchObject({ executable: pyenv });
  await refusal('3.11.8');
  python('b/python3.11', '3.11.2', { executable: '/opt/real/python3.11' });
  expect(await choose('3.11')).toMatchObject({ executable: '/opt/real/python3.11', version: '3.11.2' });
});

test('a version that is too old is refused as such', async () => {
  const { refusal } = machine();
  for (const version of ['2', '2.7', '3.6', 'python3.7'])
    expect((await refusal(version)).message).toMatch(/too old: CPython 3\.8 or newer is required/);
});

test('a path, a command, a virtual environment', async () => {
  const { home, python, choose, refusal } = machine();
  const path = python('work/bin/python', '3.10.1');
  expect(await choose(path)).toMatchObject({ executable: path });
  expect(await choose('~/work')).toMatchObject({ executable: path });
  const command = python('b/snake', '3.9.9');
  expect(await choose('snake')).toMatchObject({ executable: command });
  expect((await refusal('adder')).message).toBe("no command 'adder' on PATH");
  expect((await refusal(`${home}/nothing`)).message).toContain(`${home}/nothing does not run`);
  const old = python('old', '2.7.18');
  expect((await refusal(old)).message).toContain(`${old} is Python 2.7.18: too old`);
});

test('a Python that cannot create virtual environments will do as long as none is needed', async () => {
  const { env, python } = machine();
  const path = python('b/python3', '3.11.2', { venv: false });
  const environments = new LocalEnvironments({ env });
  const bare = await environments.find({ project: project({}), python: null });
  expect(bare).toEqual({ python: [path], version: '3.11.2', notices: [] });
  const wanted = { project: project({ 'requirements.txt': 'numpy' }), python: null };
  const error = await environments.build(wanted).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(InstallFailed);
  expect(error.hint).toContain('sudo apt install python3-venv` (or python3.11-venv)');
});
