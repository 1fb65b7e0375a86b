/** Packages that pyproject.toml asks for, installed. */
import { expect, jest, test } from '@jest/globals';
import { LocalEnvironments } from '../../adapters/local/environments/local-environments.ts';
import { offline, project, ready, temporary } from '../support/environments/temporary-projects.ts';
import { makeWheel } from '../support/environments/wheels.ts';

// Environments are made and packages built, which takes tens of seconds on a busy machine.
jest.setTimeout(300_000);

test('a run has its packages, says so, and says when the Python does not fit', async () => {
  const wheels = temporary();
  makeWheel(wheels, { name: 'barley', version: '1.0' });
  const text =
    '[project]\nname = "x"\nversion = "1"\nrequires-python = ">=3.99"\ndependencies = ["barley==1.0"]\n';
  const environments = new LocalEnvironments({ cache: temporary(), env: offline(wheels) });
  const found = await ready(environments, { project: project({ 'pyproject.toml': text }), python: null });
  expect(found.notices).toEqual([
    expect.stringMatching(/^pyproject\.toml requires Python >=3\.99, and this is 3\./),
    'requirements.txt is missing: using the packages of pyproject.toml: barley==1.0',
  ]);
  const wrong = project({ 'pyproject.toml': text.replace('barley==1.0', 'nosuchgrain') });
  await expect(ready(environments, { project: wrong, python: null })).rejects.toThrow(
    /^pyproject\.toml: a package was not found\n.*nosuchgrain/,
  );
});
