/** Reads `.python-version` as pyenv and uv do. */
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Variables } from '../install/run-command.ts';
import { isExecutable } from './find-pythons.ts';

export interface Pin {
  /** Absolute path of the file. */
  file: string;
  /** In order of preference: a version such as `3.11.7`, or the name of a pyenv environment. */
  names: string[];
}

/**
 * The nearest `.python-version` in the project folder or above it; the current folder does not matter.
 * @param project absolute path
 * @returns undefined also if the shell has an explicit choice: an active environment or `PYENV_VERSION`
 */
export async function pinOf(project: string, env: Variables): Promise<Pin | undefined> {
  if (env.PYENV_VERSION || (await hasActiveEnvironment(env))) return undefined;
  for (let folder = resolve(project); ; folder = dirname(folder)) {
    const file = join(folder, '.python-version');
    const text = await readFile(file, 'utf8').catch(() => undefined);
    if (text !== undefined) {
      const words = text.replace(/#.*$/gm, '').split(/\s+/).filter(Boolean);
      return words.length > 0 ? { file, names: words } : undefined;
    }
    if (folder === dirname(folder)) return undefined;
  }
}

/** The version in a name: `3.11` of `3.11`, `python3.11` and `cpython-3.11-linux`; undefined for other names. */
export const versionOf = (name: string): string | undefined =>
  /^(?:cpython[-@]?|python[-@]?)?(3(?:\.\d+){0,2})(?:-|$)/.exec(name)?.[1];

async function hasActiveEnvironment({
  VIRTUAL_ENV,
  CONDA_PREFIX,
  CONDA_DEFAULT_ENV,
}: Variables): Promise<boolean> {
  // conda activates its environment `base` in every terminal by default.
  const folders = [VIRTUAL_ENV, CONDA_DEFAULT_ENV === 'base' ? undefined : CONDA_PREFIX];
  const there = await Promise.all(
    folders.map(async (folder) => Boolean(folder) && (await isExecutable(join(folder!, 'bin', 'python')))),
  );
  return there.some(Boolean);
}
