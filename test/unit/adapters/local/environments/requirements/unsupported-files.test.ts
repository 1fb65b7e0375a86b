/** Lists of packages that nobody reads are named, so that nobody waits for their packages. */
import { expect, test } from '@jest/globals';
import { LocalEnvironments } from '../../../../../../adapters/local/environments/local-environments.ts';
import { unsupportedLists } from '../../../../../../adapters/local/environments/requirements/unsupported-files.ts';
import { project } from '../../../../../support/environments/temporary-projects.ts';

test.each([
  ['pyproject.toml', '[project]\nname = "x"\ndynamic = ["dependencies"]\n', /pip-compile pyproject\.toml/],
  ['pyproject.toml', '[tool.poetry.dependencies]\nhumanize = "*"\n', /requirements\.txt/],
  ['environment.yml', 'name: x\ndependencies:\n  - humanize\n', /one per line\.$/],
  ['Pipfile', '[packages]\nhumanize = "*"\n', /pipenv requirements/],
  ['setup.py', 'setup(install_requires=["humanize"])\n', /one per line\.$/],
])('%s', async (name, text, hint) => {
  expect(await unsupportedLists(project({ [name]: text }))).toEqual({
    files: [name],
    hint: expect.stringMatching(hint),
  });
  expect(await unsupportedLists(project({ [name]: text, 'requirements.txt': '' }))).toBeUndefined();
});

test('a pyproject.toml that asks for nothing is not one', async () => {
  expect(
    await unsupportedLists(project({ 'pyproject.toml': '[tool.ruff]\nline-length = 99\n' })),
  ).toBeUndefined();
});

test('a run says so', async () => {
  const folder = project({ 'environment.yml': 'dependencies: [humanize]\n' });
  const found = await new LocalEnvironments().find({ project: folder, python: null });
  expect(found?.notices.join()).toContain(
    'requirements.txt is missing, and environment.yml is not supported',
  );
});
