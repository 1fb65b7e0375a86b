/** The runs of a project: `<project>/.gcd/runs/<run>/`. */
import { randomUUID } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { mkdir, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import {
  AlreadyThere,
  NotFound,
  RequestInvalid,
  RunLocked,
  RunNotFound,
  Unreachable,
  UsageError,
} from '../../../core/errors/errors.ts';
import { layout } from '../../../core/run-store/layout.ts';
import type { RunRequest } from '../../../core/run-store/request/request.ts';
import { readRequest } from '../../../core/run-store/request/request.ts';
import { runName } from '../../../core/run-store/request/run-limits.ts';
import { exists } from '../../../core/store.ts';
import { lockOwner, type Owner, takeOwnerLock } from '../locks/owner-lock.ts';
import { refuseLinkOut } from '../project/outside-links.ts';
import { FolderStore } from '../store/folder-store.ts';
import { checkPlaceForRuns } from './check-file-system.ts';
import { removeLeftovers, removeUnfinished } from './remove-temporary-files.ts';

/** A run's folder, held by this process. */
export interface LockedRun {
  store: FolderStore;
  folder: string;
  /** Gives the run back. */
  release: () => void;
}

/** Beginning of the names of folders in `.gcd` that are about to become a run's. */
const halfMade = 'making-';

/** Nobody else may read what a run keeps. */
const storeOf = (folder: string) => new FolderStore(folder, { mode: 0o600 });

const taken = (run: string) =>
  new UsageError(`there is a run '${run}' already`, {
    hint: `Take another --name, or go on with it: gcd-sfn resume ${run}`,
  });

export class RunsFolder {
  /** Absolute path. */
  readonly project: string;
  readonly #gcd: string;
  readonly #runs: string;

  /**
   * @param project absolute path
   * @throws ProjectInvalid when a link leads from where its runs are kept out of it
   */
  constructor(project: string) {
    this.project = project;
    this.#gcd = join(project, '.gcd');
    this.#runs = join(this.#gcd, 'runs');
    refuseLinkOut(project, this.#runs);
  }

  folderOf(run: string): string {
    return join(this.#runs, run);
  }

  /** @throws UsageError for a name that is taken or cannot be one */
  checkName(run: string): void {
    if (!runName.test(run))
      throw new UsageError(`'${run}' cannot be a run's name`, {
        hint: 'Take up to 40 lower-case letters, digits and dashes, with no dash at either end.',
      });
    const folder = this.folderOf(run);
    // A folder with neither was left by a process that was killed at its beginning.
    if (existsSync(join(folder, layout.request)) || lockOwner(join(folder, 'lock'))) throw taken(run);
  }

  /** Makes the folder of a new run and holds it. @throws UsageError for a name that is taken or cannot be one, Unreachable where no runs can be */
  async create(run: string): Promise<LockedRun> {
    await this.#removeHalfMade();
    this.checkName(run);
    await checkPlaceForRuns(this.project);
    this.makePrivate();
    mkdirSync(this.#runs, { recursive: true });
    // Runs are no part of the user's repository.
    if (!existsSync(join(this.#gcd, '.gitignore'))) writeFileSync(join(this.#gcd, '.gitignore'), '*\n');
    const folder = this.folderOf(run);
    // It gets its name with the lock in it: killed before that, this process leaves nothing that bars the name.
    const making = join(this.#gcd, `${halfMade}${randomUUID()}`);
    await mkdir(making);
    takeOwnerLock(join(making, 'lock'));
    try {
      await rename(making, folder);
    } catch (error) {
      await rm(making, { recursive: true, force: true });
      if (!['EEXIST', 'ENOTEMPTY', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? ''))
        throw error;
      throw taken(run);
    }
    return {
      store: storeOf(folder),
      folder,
      release: () => rmSync(join(folder, 'lock'), { force: true }),
    };
  }

  /**
   * Makes `.gcd`, for its owner alone: in it are `env` of config.yaml, and the project's files with its `.env` and licences.
   * One that was made with more rights loses them; one of somebody else stays as it is.
   */
  makePrivate(): void {
    mkdirSync(this.#gcd, { recursive: true, mode: 0o700 });
    try {
      if ((statSync(this.#gcd).mode & 0o077) !== 0) chmodSync(this.#gcd, 0o700);
    } catch (error) {
      if (!['EPERM', 'EACCES', 'EROFS', 'ENOTSUP'].includes((error as NodeJS.ErrnoException).code ?? ''))
        throw error;
    }
  }

  /** Holds a run's folder. @throws RunLocked when another process works on it */
  hold(run: string): LockedRun {
    const folder = this.folderOf(run);
    const lock = takeOwnerLock(join(folder, 'lock'));
    if (typeof lock !== 'function')
      throw new RunLocked(`another process works on run ${run}: pid ${lock.pid} on ${lock.host}`, {
        hint:
          lock.host === hostname()
            ? `Wait until it is through, or stop it: gcd-sfn stop ${run}`
            : `Whether it still lives cannot be seen from here. If it does not, remove ${join(folder, 'lock')}`,
      });
    this.makePrivate();
    removeLeftovers(folder, true);
    return { store: storeOf(folder), folder, release: lock };
  }

  /** Who works on a run, if anybody does. */
  owner(run: string): Owner | undefined {
    return lockOwner(join(this.folderOf(run), 'lock'));
  }

  /** The names of all folders, also of those that are not yet a run, or cannot be read. */
  async names(): Promise<string[]> {
    try {
      const entries = await readdir(this.#runs, { withFileTypes: true });
      return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    } catch (error) {
      if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
      throw error;
    }
  }

  /** What a run was asked to do. @throws NotFound when it has no request (yet), RequestInvalid when that is damaged */
  async request(run: string): Promise<RunRequest> {
    const folder = this.folderOf(run);
    try {
      // The project may have been moved, or have been brought with its runs in it: it is where it is.
      return { ...(await readRequest(new FolderStore(folder), run)), project: this.project };
    } catch (error) {
      // Not even a file, or one that cannot be used.
      if (!(error instanceof Unreachable || error instanceof RequestInvalid)) throw error;
      throw new RequestInvalid(`the run in ${folder} is damaged: ${error.message}`, {
        hint: 'What its tasks wrote is in parts/ there. Nothing can go on with it: remove the folder when you have what you need.',
        cause: error,
      });
    }
  }

  /** The requests of all runs, newest first; damaged ones are left out. */
  async list(): Promise<RunRequest[]> {
    const requests: RunRequest[] = [];
    for (const name of await this.names()) {
      const request = await this.request(name).catch((error) => {
        if (error instanceof NotFound || error instanceof RequestInvalid) return undefined;
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
    if (run !== undefined && (await this.names()).includes(run))
      await this.request(run).catch((error) => {
        if (error instanceof RequestInvalid) throw error;
      });
    const names = runs.slice(0, 5).map((request) => request.run);
    throw new RunNotFound(
      run === undefined ? `there is no run in ${this.#runs}` : `there is no run '${run}' in ${this.#runs}`,
      {
        hint:
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

  /** A process that was killed before it wrote the request left a folder that nobody can go on with. */
  async #removeHalfMade(): Promise<void> {
    for (const name of await readdir(this.#runs).catch(() => [])) {
      const folder = this.folderOf(name);
      const isWhole = await exists(new FolderStore(folder), layout.request);
      if (!isWhole && existsSync(join(folder, 'lock')) && !lockOwner(join(folder, 'lock')))
        await rm(folder, { recursive: true, force: true });
      else if (!lockOwner(join(folder, 'lock'))) removeLeftovers(folder, false);
    }
    removeUnfinished(this.#gcd);
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
