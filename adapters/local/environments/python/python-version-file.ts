/** Which Python a project's folder asks for by `.python-version`, as pyenv and uv read it. */
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Variables } from '../install/run-command.ts';
import { isExecutable } from './find-pythons.ts';

export interface Pin {
  /** Absolute path of the file. */
  file: string;
  /** What is asked for, the best first: a version such as `3.11.7`, or the name of an environment of pyenv's. */
  names: string[];
}

/**
 * The nearest `.python-version`, in the project's folder or above it; where the command runs does not matter.
 * @param project absolute path
 * @returns undefined as well when the shell says more clearly what it wants: an environment that is active, `PYENV_VERSION`
 */
export async function pinOf(project: string, env: Variables): Promise<Pin | undefined> {
  if (env.PYENV_VERSION || (await hasActive(env))) return undefined;
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

/** The version that a name means: `3.11` of `3.11`, `python3.11` and `cpython-3.11-linux`; undefined for other names. */
export const versionOf = (name: string): string | undefined =>
  /^(?:cpython[-@]?|python[-@]?)?(3(?:\.\d+){0,2})(?:-|$)/.exec(name)?.[1];

async function hasActive({ VIRTUAL_ENV, CONDA_PREFIX, CONDA_DEFAULT_ENV }: Variables): Promise<boolean> {
  // conda's own environment is active in every terminal, whether somebody wants it or not.
  const folders = [VIRTUAL_ENV, CONDA_DEFAULT_ENV === 'base' ? undefined : CONDA_PREFIX];
  const there = await Promise.all(
    folders.map(async (folder) => Boolean(folder) && (await isExecutable(join(folder!, 'bin', 'python')))),
  );
  return there.some(Boolean);
}
