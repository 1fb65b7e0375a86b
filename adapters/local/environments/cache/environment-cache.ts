/**
 * The cache of virtual environments. `<cache>/<key>/` has the environment in a folder with a unique name, and
 * `complete.json`, written last, which has that name. So an incomplete environment is never used, and a process that still
 * writes into an abandoned folder disturbs nobody.
 */
import { mkdir, readdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { takeFlock } from '../../locks/flock.ts';
import { pythonOf } from '../install/pip.ts';
import type { Variables } from '../install/run-command.ts';
import { isExecutable } from '../python/find-pythons.ts';
import { UsageMarks } from './usage-marks.ts';

export interface Complete {
  /** Name of the environment's folder beside this file. */
  home: string;
  /** Version of its Python. */
  version: string;
  /** `<key>/<home>` of the base environment, if this one has only the local packages. */
  base?: string;
  /** Pins of requirements.txt that were relaxed, for a notice. */
  relaxed: string[];
  /** Other notices for the user. */
  notices: string[];
  /** When its packages were installed, milliseconds since 1970; absent if an older version of gcd-sfn did it. */
  made?: number;
}

/** The user's cache folder for environments. */
export function defaultCache(env: Variables, platform: NodeJS.Platform = process.platform): string {
  const home = env.HOME ?? homedir();
  const base = platform === 'darwin' ? join(home, 'Library', 'Caches') : join(home, '.cache');
  return join(env.XDG_CACHE_HOME || base, 'gcd-sfn', 'environments');
}

export class Cache {
  readonly folder: string;
  readonly uses: UsageMarks;

  /** @param folder absolute path; need not exist. */
  constructor(folder: string) {
    this.folder = folder;
    this.uses = new UsageMarks(folder);
  }

  /** Path of the log of the last installation of a key. */
  log = (key: string): string => join(this.folder, 'logs', `${key}.log`);
  lock = (key: string): string => join(this.folder, 'locks', key);
  home = (key: string, name: string): string => join(this.folder, key, name);

  /** Undefined if the environment is missing or incomplete, or its Python was removed. */
  async find(key: string): Promise<(Complete & { python: string }) | undefined> {
    const complete = await readComplete(join(this.folder, key, 'complete.json'));
    if (!complete) return undefined;
    if (complete.base !== undefined) {
      // If the base environment was recreated, this one must be, too.
      const [below = ''] = complete.base.split('/');
      const found = await this.find(below);
      if (!found || `${below}/${found.home}` !== complete.base) return undefined;
    }
    const python = pythonOf(this.home(key, complete.home));
    return (await isExecutable(python)) ? { ...complete, python } : undefined;
  }

  /** Creates the folders that all keys share. */
  async prepare(): Promise<void> {
    for (const name of ['logs', 'locks']) await mkdir(join(this.folder, name), { recursive: true });
  }

  /** Creates the folder of a key, and removes superseded environments that are not in use. Requires the lock. */
  async clear(key: string): Promise<void> {
    const folder = join(this.folder, key);
    await mkdir(folder, { recursive: true });
    if (await this.uses.isUsed(key)) return;
    const current = (await readComplete(join(folder, 'complete.json')))?.home;
    for (const name of await readdir(folder))
      if (name !== current && name !== 'complete.json')
        await rm(join(folder, name), { recursive: true, force: true });
  }

  /** Removes superseded environments of a key, unless they are in use. */
  async removeSuperseded(key: string, python: string): Promise<void> {
    if ((await readdir(join(this.folder, key)).catch(() => [])).length <= 2) return;
    const lock = await takeFlock(python, this.lock(key));
    if ('busy' in lock) return;
    await this.clear(key).finally(() => lock.release());
  }

  /** Removes a failed attempt, and the key's folder if it is empty then. */
  async remove(key: string, name: string): Promise<void> {
    await rm(this.home(key, name), { recursive: true, force: true, maxRetries: 3 });
    await rmdir(join(this.folder, key)).catch(() => {});
  }

  /** Makes a new environment the current one of a key. */
  async complete(key: string, complete: Complete): Promise<void> {
    const path = join(this.folder, key, 'complete.json');
    await writeFile(`${path}.${complete.home}`, JSON.stringify(complete));
    await rename(`${path}.${complete.home}`, path);
  }
}

async function readComplete(path: string): Promise<Complete | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch {
    // Missing, or damaged by a crash of the machine: the environment is recreated.
    return undefined;
  }
}
