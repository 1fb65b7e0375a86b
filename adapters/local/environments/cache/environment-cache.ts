/**
 * The cache of virtual environments. `<cache>/<key>/` has the environment in a folder of its own, under a name that is
 * used once, and `complete.json`, written last, which names it. So a half-made one is never taken for a whole one, and
 * whoever still writes into a folder that was given up disturbs nobody.
 */
import { mkdir, readdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { takeFlock } from '../../locks/flock.ts';
import { pythonOf } from '../install/pip.ts';
import type { Variables } from '../install/run-command.ts';
import { isExecutable } from '../python/find-pythons.ts';
import { Uses } from './usage-marks.ts';

export interface Complete {
  /** Name of the environment's folder beside this file. */
  home: string;
  /** Version of its Python. */
  version: string;
  /** Of one that has only local packages: key and folder of the environment below it, with everything else. */
  base?: string;
  /** Parts of the line about requirements.txt: what was relaxed. */
  relaxed: string[];
  /** Other lines for the user. */
  notices: string[];
  /** When its packages were installed, milliseconds since 1970. Absent: an older version did it. */
  made?: number;
}

/** Where the system keeps what can be made anew. */
export function defaultCache(env: Variables, platform: NodeJS.Platform = process.platform): string {
  const home = env.HOME ?? homedir();
  const base = platform === 'darwin' ? join(home, 'Library', 'Caches') : join(home, '.cache');
  return join(env.XDG_CACHE_HOME || base, 'gcd-sfn', 'environments');
}

export class Cache {
  readonly folder: string;
  readonly uses: Uses;

  /** @param folder absolute path; need not exist. */
  constructor(folder: string) {
    this.folder = folder;
    this.uses = new Uses(folder);
  }

  /** Path of the output of the last installation for a key. */
  log = (key: string): string => join(this.folder, 'logs', `${key}.log`);
  lock = (key: string): string => join(this.folder, 'locks', key);
  home = (key: string, name: string): string => join(this.folder, key, name);

  /** The environment, unless it is missing, half made, or the Python that it was made with is gone. */
  async find(key: string): Promise<(Complete & { python: string }) | undefined> {
    const complete = await readComplete(join(this.folder, key, 'complete.json'));
    if (!complete) return undefined;
    if (complete.base !== undefined) {
      // Where the environment below was made anew, this one is, too.
      const [below = ''] = complete.base.split('/');
      const found = await this.find(below);
      if (!found || `${below}/${found.home}` !== complete.base) return undefined;
    }
    const python = pythonOf(this.home(key, complete.home));
    return (await isExecutable(python)) ? { ...complete, python } : undefined;
  }

  /** Makes the folders that all keys share. */
  async prepare(): Promise<void> {
    for (const name of ['logs', 'locks']) await mkdir(join(this.folder, name), { recursive: true });
  }

  /** Makes the folder of a key, without what nobody uses any more. Only with the lock held. */
  async clear(key: string): Promise<void> {
    const folder = join(this.folder, key);
    await mkdir(folder, { recursive: true });
    if (await this.uses.isUsed(key)) return;
    const current = (await readComplete(join(folder, 'complete.json')))?.home;
    for (const name of await readdir(folder))
      if (name !== current && name !== 'complete.json')
        await rm(join(folder, name), { recursive: true, force: true });
  }

  /** Removes what was made anew meanwhile, unless somebody uses it still. */
  async removeSuperseded(key: string, python: string): Promise<void> {
    if ((await readdir(join(this.folder, key)).catch(() => [])).length <= 2) return;
    const lock = await takeFlock(python, this.lock(key));
    if ('busy' in lock) return;
    await this.clear(key).finally(() => lock.release());
  }

  /** Removes an attempt that failed, and the folder around it if nothing else is in it. */
  async remove(key: string, name: string): Promise<void> {
    await rm(this.home(key, name), { recursive: true, force: true, maxRetries: 3 });
    await rmdir(join(this.folder, key)).catch(() => {});
  }

  /** Makes an environment the one that is found. */
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
    // Missing, or torn by a crash of the machine: either way it is made anew.
    return undefined;
  }
}
