/** Finds the Pythons of this machine by their file names; runs nothing. */
import { constants } from 'node:fs';
import { access, readdir, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import type { Variables } from '../install/run-command.ts';

export interface FoundPython {
  path: string;
  /** The version as far as the name has it, e.g. `3.11` for `python3.11`, `3.11.7` for a folder of pyenv; else empty. */
  version: string;
}

/** Absolute paths of all commands with a name on PATH, in order of PATH. */
export async function onPath(name: string, env: Variables): Promise<string[]> {
  const paths = pathFolders(env).map((folder) => join(folder, name));
  const there = await Promise.all(paths.map(isExecutable));
  return paths.filter((_, index) => there[index]);
}

/** Every other Python: `python3.N` on PATH, then those of pyenv and uv; newest first. */
export async function everyPython(env: Variables): Promise<FoundPython[]> {
  const named = await Promise.all(pathFolders(env).map(pythonsIn));
  const managed = await Promise.all([...pyenvFolders(env), ...uvFolders(env)].map(managedIn));
  return [...newestFirst(named.flat()), ...newestFirst(managed.flat())];
}

export async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

/** Whether a version such as `3.11.7` matches a wanted one such as `3.11`. */
export function matches(version: string, wanted: string): boolean {
  return `${version}.`.startsWith(`${wanted}.`);
}

const pathFolders = (env: Variables): string[] =>
  [...new Set((env.PATH ?? '').split(delimiter))]
    .filter((folder) => folder !== '')
    .map((folder) => resolve(folder));

const home = (env: Variables): string => env.HOME ?? homedir();

/** Folders in which pyenv has its Pythons and environments by name. */
export const pyenvFolders = (env: Variables): string[] => [
  join(env.PYENV_ROOT ?? join(home(env), '.pyenv'), 'versions'),
];

const uvFolders = (env: Variables): string[] => [
  env.UV_PYTHON_INSTALL_DIR ?? join(env.XDG_DATA_HOME ?? join(home(env), '.local', 'share'), 'uv', 'python'),
];

async function pythonsIn(folder: string): Promise<FoundPython[]> {
  const names = await readdir(folder).catch(() => []);
  const found = names.flatMap((name) => {
    const version = /^python(3\.\d+)t?$/.exec(name)?.[1];
    return version === undefined ? [] : [{ path: join(folder, name), version }];
  });
  return existing(found);
}

/** `3.11.7` as pyenv names its folders, `cpython-3.11.7-linux-x86_64-gnu` as uv does. */
async function managedIn(folder: string): Promise<FoundPython[]> {
  const names = await readdir(folder).catch(() => []);
  const found = names.flatMap((name) => {
    const version = /^(?:cpython-)?(3\.\d+\.\d+)/.exec(name)?.[1];
    return version === undefined ? [] : [{ path: join(folder, name, 'bin', 'python3'), version }];
  });
  return existing(found);
}

async function existing(found: FoundPython[]): Promise<FoundPython[]> {
  const there = await Promise.all(found.map(({ path }) => isExecutable(path)));
  return found.filter((_, index) => there[index]);
}

const newestFirst = (found: FoundPython[]): FoundPython[] =>
  found.toSorted((a, b) => b.version.localeCompare(a.version, 'en', { numeric: true }));
