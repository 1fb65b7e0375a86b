/** A Python that is too old for an example's packages: what pip says then, and what gcd-sfn makes of it. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { explainPipOutput } from '../../adapters/local/environments/install/explain-pip-output.ts';
import { packageRoot } from '../support/cli/project.ts';
import { Example } from './example.ts';

test.each([
  ['solardatatools', '3.9'],
  ['solardatatools', '3.10'],
  ['stasticclearsky', '3.10'],
])('%s: with Python %s the advice is another Python', async (name, version) => {
  // pip answers for another version than its own, so that no old Python is needed to ask.
  await using sleep = await Example.copy('sleep');
  const old = ['--python-version', version, '--only-binary', ':all:', '--target', sleep.folder, '--dry-run'];
  const pip = spawnSync(
    'python3',
    ['-m', 'pip', 'install', ...old, '-r', join(packageRoot, 'examples', name, 'requirements.txt')],
    { encoding: 'utf8' },
  );
  expect(pip.status).not.toBe(0);
  const [what, hint] = explainPipOutput(pip.stderr + pip.stdout, { version, cache: '' });
  // Which of the two depends on the package that pip looks at first.
  expect(what).toMatch(/^a (package does not support|version is not available for) Python/);
  expect(hint).toMatch(/set another Python in config\.yaml, e\.g\. `python: "3\.1\d"`/);
});

test.each(['solardatatools', 'stasticclearsky', 'gridlabd'])(
  '%s: each package has an exact version',
  (name) => {
    const lines = readFileSync(join(packageRoot, 'examples', name, 'requirements.txt'), 'utf8').split('\n');
    const packages = lines.filter((line) => line !== '' && !line.startsWith('#'));
    expect(
      packages.filter((line) => !/^[\w.-]+==[\w.]+(; python_version [<>=]+ "3\.\d+")?$/.test(line)),
    ).toEqual([]);
  },
);
