/** Detects package lists of other tools, which gcd-sfn does not read. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { requirementsOfPyproject } from './pyproject.ts';

/** File names, and a pattern that matches if the file lists packages. */
const lists: Record<string, RegExp> = {
  // Static dependencies are supported.
  'pyproject.toml': /^\s*(?:dynamic\s*=.*\bdependencies\b|\[tool\.poetry\.dependencies\])/m,
  'environment.yml': /^dependencies\s*:/m,
  'environment.yaml': /^dependencies\s*:/m,
  Pipfile: /^\s*\[packages\]/m,
  'setup.py': /install_requires/,
  'setup.cfg': /^\s*install_requires/m,
};

/** How to convert them to a requirements.txt. */
const conversions: Record<string, string> = {
  'pyproject.toml':
    '`pip-compile pyproject.toml -o requirements.txt` (pip-tools), or `uv export -o requirements.txt`',
  Pipfile: '`pipenv requirements > requirements.txt`',
};

export interface UnsupportedLists {
  /** Names of files in the project folder. */
  files: string[];
  hint: string;
}

/**
 * @param project absolute path of the project folder
 * @returns undefined with a requirements.txt, or without such a list
 */
export async function unsupportedLists(project: string): Promise<UnsupportedLists | undefined> {
  const textOf = (name: string) => readFile(join(project, name), 'utf8').catch(() => undefined);
  if ((await textOf('requirements.txt')) !== undefined) return undefined;
  if ((await requirementsOfPyproject(project)).entries.length > 0) return undefined;
  const files: string[] = [];
  for (const [name, asks] of Object.entries(lists))
    if (asks.test((await textOf(name)) ?? '')) files.push(name);
  if (files.length === 0) return undefined;
  const way = files.map((name) => conversions[name]).find((one) => one !== undefined);
  const byHand = 'List the packages that entrypoint.py imports in requirements.txt, one per line';
  return { files, hint: way === undefined ? `${byHand}.` : `${byHand}; or create it: ${way}.` };
}
