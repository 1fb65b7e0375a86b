/** pyproject.toml says what a project needs where there is no requirements.txt. */
import { expect, test } from '@jest/globals';
import { allows } from '../../../../../../adapters/local/environments/python/requires-python.ts';
import { syntaxErrors } from '../../../../../../adapters/local/environments/requirements/check-syntax.ts';
import { readRequirements } from '../../../../../../adapters/local/environments/requirements/read-requirements.ts';
import { unsupportedLists } from '../../../../../../adapters/local/environments/requirements/unsupported-files.ts';
import { ProjectInvalid } from '../../../../../../core/errors/errors.ts';
import { project } from '../../../../../support/environments/temporary-projects.ts';

const toml = `
[project]
name = "my-analysis"
version = "1"
requires-python = ">=3.8"
dependencies = [
  "numpy>=2",  # a comment with "quotes" and ]
  'pandas[excel] ; python_version > "3.8"',
  "x @ git+https://a.example/b@main",
]
[project.optional-dependencies]
dev = ["pytest"]
`;

test('its dependencies are the list, with their lines', async () => {
  const folder = project({ 'pyproject.toml': toml });
  const { entries, attached } = await readRequirements(folder);
  expect(entries.map(({ text, file, line }) => [text, file, line])).toEqual([
    ['numpy>=2', 'pyproject.toml', 7],
    ['pandas[excel] ; python_version > "3.8"', 'pyproject.toml', 8],
    ['x @ git+https://a.example/b@main', 'pyproject.toml', 9],
  ]);
  expect(attached).toEqual([]);
  expect(syntaxErrors(entries)).toEqual([]);
  expect(await unsupportedLists(folder)).toBeUndefined();
});

test('a requirements.txt goes before it, an empty one too', async () => {
  const folder = project({ 'pyproject.toml': toml, 'requirements.txt': '# nothing\n' });
  expect((await readRequirements(folder)).entries).toEqual([]);
});

test('a package with its modules in src/ is installed itself', async () => {
  const files = {
    'pyproject.toml': `${toml}[build-system]\nrequires = ["hatchling"]\n`,
    'src/mine/__init__.py': '',
  };
  const folder = project(files);
  const { entries, attached } = await readRequirements(folder);
  expect(entries).toMatchObject([{ text: folder, local: folder, file: 'pyproject.toml' }]);
  expect(attached).toEqual([folder]);
  // Beside entrypoint.py modules are found anyhow.
  const flat = project({ 'pyproject.toml': files['pyproject.toml'], 'mine/__init__.py': '' });
  expect((await readRequirements(flat)).entries).toHaveLength(3);
});

test('what is no TOML is told with its line, unless there is a requirements.txt', async () => {
  const files = { 'pyproject.toml': '[project]\nname = "x"\ndependencies = ["a"\nversion = 1\n' };
  const reading = readRequirements(project(files));
  await expect(reading).rejects.toThrow(ProjectInvalid);
  await expect(reading).rejects.toThrow(/^pyproject\.toml, line \d: not valid TOML: /);
  expect((await readRequirements(project({ ...files, 'requirements.txt': 'six' }))).entries).toHaveLength(1);
});

test.each([
  ['[tool.ruff]\nline-length = 99\n', undefined],
  ['[project]\nname = "x"\ndynamic = ["version", "dependencies"]\n', ['pyproject.toml']],
  ['[tool.poetry.dependencies]\nhumanize = "*"\n', ['pyproject.toml']],
  ['[project]\nname = "x"\ndependencies = "six"\n', undefined],
])('without a list of its own: %j', async (text, unread) => {
  const folder = project({ 'pyproject.toml': text });
  expect((await readRequirements(folder)).entries).toEqual([]);
  expect((await unsupportedLists(folder))?.files).toEqual(unread);
});

test.each([
  ['>=3.10', '3.11.7', true],
  ['>=3.12', '3.11.7', false],
  ['>=3.9,<3.11', '3.11.0', false],
  ['~=3.10', '3.12.1', true],
  ['~=3.10.2', '3.11.0', false],
  ['==3.11.*', '3.11.7', true],
  ['!=3.11.*', '3.11.7', false],
  ['>3.11', '3.11.7', true],
  ['<=3.11', '3.11.7', false],
  ['>=3.12', '3.12.0rc1', true],
  ['nonsense', '3.11.7', true],
])('requires-python %s: %s %s', (allowed, version, fits) => expect(allows(allowed, version)).toBe(fits));
