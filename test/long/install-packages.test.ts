/** Environments that pip really installs into: packages made on the fly, from a folder. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from '@jest/globals';
import { LocalEnvironments } from '../../adapters/local/environments/local-environments.ts';
import { ExitCode, InstallFailed } from '../../core/errors/errors.ts';
import { fence, heading } from '../support/environments/server-packages-block.ts';
import { evaluate, offline, project, ready, temporary } from '../support/environments/temporary-projects.ts';
import { makeWheel } from '../support/environments/wheels.ts';

const barley = temporary();
makeWheel(barley, { name: 'barley', version: '1.0' });
const builder = join(import.meta.dirname, '../support/environments/build-process.ts');

/** Another process that builds; its lines as they come. */
function begin(cache: string, folder: string) {
  const child = spawn(process.execPath, [builder, cache, folder], {
    env: offline(barley),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  const exited = once(child, 'close');
  const said = async (what: RegExp) => {
    while (child.exitCode === null && !lines.some((line) => what.test(line)))
      await Promise.race([once(reader, 'line'), exited]);
  };
  return { child, lines, exited, said };
}

test('one installs, the others wait; one that is killed in the middle is replaced by one of them', async () => {
  const cache = join(temporary(), 'not', 'made', 'yet');
  const folder = project({ 'requirements.txt': 'barley' });
  const killed = begin(cache, folder);
  await killed.said(/virtual environment/);
  const others = [begin(cache, folder), begin(cache, folder)];
  await Promise.all(
    others.map(({ said }) => said(new RegExp(`another gcd-sfn \\(process ${killed.child.pid}\\)`))),
  );
  killed.child.kill('SIGKILL');
  await Promise.all([killed, ...others].map(({ exited }) => exited));
  const [first, second] = others.map(({ lines }) => JSON.parse(lines.at(-1)!));
  expect(first).toEqual(second);
  expect(evaluate(first, 'import barley; print(barley.version)')).toBe('1.0');
  const installing = others.filter(({ lines }) =>
    lines.some((line) => line.startsWith('creating a virtual')),
  );
  expect(installing).toHaveLength(1);
  // The environment and the file that names it, and nothing of the one that was killed.
  const [key = ''] = readdirSync(cache).filter((name) => name.startsWith('py'));
  expect(readdirSync(join(cache, key))).toHaveLength(2);
});

test('a pin in the block that has no build here is relaxed, and the user is told', async () => {
  const wheels = temporary();
  makeWheel(wheels, { name: 'pandas', version: '1.3.5', tag: 'cp36-cp36m-none' });
  makeWheel(wheels, { name: 'pandas', version: '2.2.3', needs: ['nosuchgrain>=1'] });
  makeWheel(wheels, { name: 'boto3', version: '1.21.19' });
  makeWheel(wheels, { name: 'boto3', version: '1.30.0' });
  const text = `${heading}${fence}Flask==2.1.2\nboto3==1.21.19\npandas==1.3.5\nclick==8.1.3\n${fence}`;
  const folder = project({ 'requirements.txt': text, 'entrypoint.py': 'import boto3, pandas as pd\n' });
  // Without its dependencies the installed pandas is not whole: a warning, no error.
  const env = { ...offline(wheels), PIP_NO_DEPS: '1' };
  const environments = new LocalEnvironments({ cache: temporary(), env });
  const found = await ready(environments, { project: folder, python: null });
  expect(evaluate(found, 'import boto3, pandas; print(boto3.version, pandas.version)')).toBe('1.21.19 2.2.3');
  const short = found.version.split('.').slice(0, 2).join('.');
  expect(found.notices).toEqual([
    `requirements.txt: left out 2 server packages of the predecessor (Flask, click); pandas==1.3.5 has no build for Python ${short}, using 2.2.3`,
    'pip check: pandas 2.2.3 requires nosuchgrain, which is not installed.',
  ]);
});

test.each([
  ['pandas==1.3.5\n', '1.26.4'],
  ['pandas==2.2.3\n', '2.0.0'],
  ['pandas==1.3.5\nnumpy==2.0.0\n', '2.0.0'],
])('a pandas from before numpy 2 gets an older numpy, unless one is named: %j', async (pins, numpy) => {
  const wheels = temporary();
  for (const version of ['1.3.5', '2.2.3']) makeWheel(wheels, { name: 'pandas', version, needs: ['numpy'] });
  for (const version of ['1.26.4', '2.0.0']) makeWheel(wheels, { name: 'numpy', version });
  const folder = project({
    'requirements.txt': `${heading}${fence}Flask==2.1.2\nclick==8.1.3\n${pins}${fence}`,
    'entrypoint.py': 'import numpy, pandas\n',
  });
  const environments = new LocalEnvironments({ cache: temporary(), env: offline(wheels) });
  const found = await ready(environments, { project: folder, python: null });
  expect(evaluate(found, 'import numpy; print(numpy.version)')).toBe(numpy);
});

test('what PYTHONPATH has besides does not stand before what is installed', async () => {
  const environments = new LocalEnvironments({ cache: temporary(), env: offline(barley) });
  const { told: _, ...found } = await ready(environments, {
    project: project({ 'requirements.txt': 'barley==1.0\n' }),
    python: null,
  });
  const elsewhere = temporary();
  writeFileSync(join(elsewhere, 'barley.py'), 'version = "of PYTHONPATH"');
  const [command = '', ...args] = found.python;
  const code = ['-c', 'import barley; print(barley.version)'];
  const env = { ...process.env, PYTHONPATH: elsewhere };
  expect(execFileSync(command, [...args, ...code], { encoding: 'utf8', env }).trim()).toBe('1.0');
});

test('what cannot be installed is named, and leaves nothing', async () => {
  const cache = temporary();
  const environments = new LocalEnvironments({ cache, env: offline(barley) });
  const kept = () => readdirSync(cache).filter((name) => name.startsWith('py'));
  const text = '# first line\nbarley==1.0\nnosuchgrain>=3\n';
  const wanted = { project: project({ 'requirements.txt': text }), python: null };
  const error = await ready(environments, wanted).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(InstallFailed);
  expect(error.exitCode).toBe(ExitCode.environment);
  expect(error.message).toMatch(/^requirements\.txt: a package was not found\n.*nosuchgrain>=3/);
  expect(error.hint).toContain('Check its name');
  const log = /Complete output of pip: (.*)/.exec(error.message)?.[1] ?? '';
  expect(existsSync(log)).toBe(true);
  expect(kept()).toEqual([]);
  expect(await environments.find(wanted)).toBeUndefined();

  // Mended, it is tried again.
  writeFileSync(join(wanted.project, 'requirements.txt'), '# nothing\n');
  expect(await environments.find(wanted)).toBeDefined();
});
