/** Lists of packages that other tools write, and that nobody reads here. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { requirementsOfPyproject } from './pyproject.ts';

/** Each with what tells that it asks for packages. */
const lists: Record<string, RegExp> = {
  // Its own dependencies are read.
  'pyproject.toml': /^\s*(?:dynamic\s*=.*\bdependencies\b|\[tool\.poetry\.dependencies\])/m,
  'environment.yml': /^dependencies\s*:/m,
  'environment.yaml': /^dependencies\s*:/m,
  Pipfile: /^\s*\[packages\]/m,
  'setup.py': /install_requires/,
  'setup.cfg': /^\s*install_requires/m,
};

/** How their packages get into a requirements.txt. */
const ways: Record<string, string> = {
  'pyproject.toml':
    '`pip-compile pyproject.toml -o requirements.txt` (pip-tools), or `uv export -o requirements.txt`',
  Pipfile: '`pipenv requirements > requirements.txt`',
};

export interface Unread {
  /** Names of files in the project folder. */
  files: string[];
  hint: string;
}

/**
 * @param project absolute path of the project folder
 * @returns undefined when there is a requirements.txt, or no such list
 */
export async function unreadLists(project: string): Promise<Unread | undefined> {
  const textOf = (name: string) => readFile(join(project, name), 'utf8').catch(() => undefined);
  if ((await textOf('requirements.txt')) !== undefined) return undefined;
  if ((await requirementsOfPyproject(project)).entries.length > 0) return undefined;
  const files: string[] = [];
  for (const [name, asks] of Object.entries(lists))
    if (asks.test((await textOf(name)) ?? '')) files.push(name);
  if (files.length === 0) return undefined;
  const way = files.map((name) => ways[name]).find((one) => one !== undefined);
  const byHand = 'Write the packages that entrypoint.py imports into requirements.txt, one a line';
  return { files, hint: way === undefined ? `${byHand}.` : `${byHand}; or make it: ${way}.` };
}
