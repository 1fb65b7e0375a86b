/** Where a machine keeps its Pythons. Looks at names only; nothing is run. */
import { constants } from 'node:fs';
import { access, readdir, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import type { Variables } from '../install/run-command.ts';

export interface Place {
  path: string;
  /** The version as far as the name tells it, e.g. `3.11` for `python3.11`, `3.11.7` for a folder of pyenv; else empty. */
  version: string;
}

/** Absolute paths of all the commands of a name on PATH, in PATH's order. */
export async function onPath(name: string, env: Variables): Promise<string[]> {
  const paths = pathFolders(env).map((folder) => join(folder, name));
  const there = await Promise.all(paths.map(isExecutable));
  return paths.filter((_, index) => there[index]);
}

/** Every other Python: `python3.N` on PATH, then those of pyenv and uv; newest first. */
export async function everyPython(env: Variables): Promise<Place[]> {
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

/** Whether a version such as `3.11.7` is one of those that `3.11` means. */
export function matches(version: string, wanted: string): boolean {
  return `${version}.`.startsWith(`${wanted}.`);
}

const pathFolders = (env: Variables): string[] =>
  [...new Set((env.PATH ?? '').split(delimiter))]
    .filter((folder) => folder !== '')
    .map((folder) => resolve(folder));

const home = (env: Variables): string => env.HOME ?? homedir();

/** Where pyenv keeps its Pythons, each in a folder of its name. */
export const pyenvFolders = (env: Variables): string[] => [
  join(env.PYENV_ROOT ?? join(home(env), '.pyenv'), 'versions'),
];

const uvFolders = (env: Variables): string[] => [
  env.UV_PYTHON_INSTALL_DIR ?? join(env.XDG_DATA_HOME ?? join(home(env), '.local', 'share'), 'uv', 'python'),
];

async function pythonsIn(folder: string): Promise<Place[]> {
  const names = await readdir(folder).catch(() => []);
  const places = names.flatMap((name) => {
    const version = /^python(3\.\d+)t?$/.exec(name)?.[1];
    return version === undefined ? [] : [{ path: join(folder, name), version }];
  });
  return existing(places);
}

/** `3.11.7` as pyenv names its folders, `cpython-3.11.7-linux-x86_64-gnu` as uv does. */
async function managedIn(folder: string): Promise<Place[]> {
  const names = await readdir(folder).catch(() => []);
  const places = names.flatMap((name) => {
    const version = /^(?:cpython-)?(3\.\d+\.\d+)/.exec(name)?.[1];
    return version === undefined ? [] : [{ path: join(folder, name, 'bin', 'python3'), version }];
  });
  return existing(places);
}

async function existing(places: Place[]): Promise<Place[]> {
  const there = await Promise.all(places.map(({ path }) => isExecutable(path)));
  return places.filter((_, index) => there[index]);
}

const newestFirst = (places: Place[]): Place[] =>
  places.toSorted((a, b) => b.version.localeCompare(a.version, 'en', { numeric: true }));
