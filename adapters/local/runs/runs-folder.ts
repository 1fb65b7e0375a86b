/** The runs of a project: `<project>/.gcd/runs/<run>/`. */
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { AlreadyThere, NotFound, RunLocked, RunNotFound, UsageError } from '../../../ports/errors.ts';
import { layout } from '../../../ports/layout.ts';
import type { RunRequest } from '../../../ports/request.ts';
import { exists, readAll } from '../../../ports/store.ts';
import { FolderStore } from '../store/folder-store.ts';
import { lockOwner, takeLock } from './lock.ts';

/** A run's folder, held by this process. */
export interface HeldRun {
  store: FolderStore;
  folder: string;
  /** Gives the run back. */
  release: () => void;
}

/** Beginning of the names of folders in `.gcd` that are about to become a run's. */
const halfMade = 'making-';

const runName = /^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/;

export class RunsFolder {
  readonly #gcd: string;
  readonly #runs: string;

  constructor(project: string) {
    this.#gcd = join(project, '.gcd');
    this.#runs = join(this.#gcd, 'runs');
  }

  folderOf(run: string): string {
    return join(this.#runs, run);
  }

  /** Makes the folder of a new run and holds it. @throws UsageError for a name that is taken or cannot be one */
  async create(run: string): Promise<HeldRun> {
    if (!runName.test(run))
      throw new UsageError(`'${run}' cannot be a run's name`, {
        mend: 'Take up to 40 lower-case letters, digits and dashes, with no dash at either end.',
      });
    await this.#removeHalfMade();
    mkdirSync(this.#runs, { recursive: true });
    // Runs are no part of the user's repository.
    if (!existsSync(join(this.#gcd, '.gitignore'))) writeFileSync(join(this.#gcd, '.gitignore'), '*\n');
    const folder = this.folderOf(run);
    // It gets its name with the lock in it: killed before that, this process leaves nothing that bars the name.
    const making = join(this.#gcd, `${halfMade}${randomUUID()}`);
    await mkdir(making);
    takeLock(join(making, 'lock'));
    try {
      await rename(making, folder);
    } catch (error) {
      await rm(making, { recursive: true, force: true });
      if (!['EEXIST', 'ENOTEMPTY'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
      throw new UsageError(`there is a run '${run}' already`, {
        mend: `Take another --name, or go on with it: gcd-sfn resume ${run}`,
      });
    }
    return {
      store: new FolderStore(folder),
      folder,
      release: () => rmSync(join(folder, 'lock'), { force: true }),
    };
  }

  /** Holds a run's folder. @throws RunLocked when another process works on it */
  hold(run: string): HeldRun {
    const folder = this.folderOf(run);
    const lock = takeLock(join(folder, 'lock'));
    if (typeof lock !== 'function')
      throw new RunLocked(`another process works on run ${run}: pid ${lock.pid} on ${lock.host}`, {
        mend:
          lock.host === hostname()
            ? 'Wait until it is through, or end it (Ctrl-C there).'
            : `Whether it still lives cannot be seen from here. If it does not, remove ${join(folder, 'lock')}`,
      });
    return { store: new FolderStore(folder), folder, release: lock };
  }

  /** The requests of all runs, newest first. */
  async list(): Promise<RunRequest[]> {
    const names = await readdir(this.#runs).catch(() => []);
    const requests: RunRequest[] = [];
    for (const name of names) {
      const request = await this.#request(name).catch((error) => {
        if (error instanceof NotFound) return undefined;
        throw error;
      });
      if (request) requests.push(request);
    }
    return requests.sort((a, b) => b.requestedAt - a.requestedAt);
  }

  /** The request of a run, of the newest when unnamed. @throws RunNotFound; it names those that are there */
  async find(run: string | undefined): Promise<RunRequest> {
    const runs = await this.list();
    const found = run === undefined ? runs[0] : runs.find((request) => request.run === run);
    if (found) return found;
    const names = runs.slice(0, 5).map((request) => request.run);
    throw new RunNotFound(
      run === undefined ? `there is no run in ${this.#runs}` : `there is no run '${run}' in ${this.#runs}`,
      {
        mend:
          names.length > 0
            ? `The newest runs are: ${names.join(', ')}`
            : 'Begin one: gcd-sfn start --project DIR',
      },
    );
  }

  /** Removes a run, and `.gcd` too when nothing else is in it. */
  async remove(run: string): Promise<void> {
    await rm(this.folderOf(run), { recursive: true, force: true });
    const left = await readdir(this.#runs).catch(() => []);
    if (left.length > 0) return;
    await rm(join(this.#gcd, '.gitignore'), { force: true });
    for (const folder of [this.#runs, this.#gcd]) await rmdir(folder).catch(() => {});
  }

  async #request(run: string): Promise<RunRequest> {
    return JSON.parse((await readAll(new FolderStore(this.folderOf(run)), layout.request)).toString());
  }

  /** A process that was killed before it wrote the request left a folder that nobody can go on with. */
  async #removeHalfMade(): Promise<void> {
    for (const name of await readdir(this.#runs).catch(() => [])) {
      const folder = this.folderOf(name);
      const isWhole = await exists(new FolderStore(folder), layout.request);
      if (!isWhole && existsSync(join(folder, 'lock')) && !lockOwner(join(folder, 'lock')))
        await rm(folder, { recursive: true, force: true });
    }
    for (const name of await readdir(this.#gcd).catch(() => [])) {
      const folder = join(this.#gcd, name);
      if (!name.startsWith(halfMade) || lockOwner(join(folder, 'lock'))) continue;
      // It may be another process's that has not come to its lock yet.
      const age = await stat(folder).then(
        ({ mtimeMs }) => Date.now() - mtimeMs,
        () => 0,
      );
      if (age > 60_000) await rm(folder, { recursive: true, force: true });
    }
  }
}

/** The number of this execution of a run, from 1; no two executions get the same one. */
export async function claimExecution(store: FolderStore): Promise<number> {
  for (let number = 1; ; number++) {
    try {
      await store.write(`executions/${number}.json`, JSON.stringify({ pid: process.pid }), {
        ifAbsent: true,
      });
      return number;
    } catch (error) {
      if (!(error instanceof AlreadyThere)) throw error;
    }
  }
}
