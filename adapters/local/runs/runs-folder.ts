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
import { removeTemporaryFiles, removeTemporaryFilesIn } from './remove-temporary-files.ts';

/** A run's folder, held by this process. */
export interface LockedRun {
  store: FolderStore;
  folder: string;
  /** Releases the lock. */
  release: () => void;
}

/** Prefix of folders in `.gcd` that are renamed to a run's folder when complete. */
const halfMade = 'making-';

/** Files of a run are readable by the user only. */
const storeOf = (folder: string) => new FolderStore(folder, { mode: 0o600 });

const taken = (run: string) =>
  new UsageError(`a run '${run}' exists already`, {
    hint: `Use another --name, or resume it: gcd-sfn resume ${run}`,
  });

export class RunsFolder {
  /** Absolute path. */
  readonly project: string;
  readonly #gcd: string;
  readonly #runs: string;

  /**
   * @param project absolute path
   * @throws ProjectInvalid if `.gcd/runs` is a link that leads out of the project
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

  /** @throws UsageError for a name that is taken or invalid */
  checkName(run: string): void {
    if (!runName.test(run))
      throw new UsageError(`'${run}' is not a valid name of a run`, {
        hint: 'Use up to 40 lower-case letters, digits and dashes, without a dash at either end.',
      });
    const folder = this.folderOf(run);
    // A folder without either is left over from a process that was killed at its start.
    if (existsSync(join(folder, layout.request)) || lockOwner(join(folder, 'lock'))) throw taken(run);
  }

  /** Creates and locks the folder of a new run. @throws UsageError for a name that is taken or invalid, Unreachable if the file system does not support runs */
  async create(run: string): Promise<LockedRun> {
    await this.#removeHalfMade();
    this.checkName(run);
    await checkPlaceForRuns(this.project);
    this.makePrivate();
    mkdirSync(this.#runs, { recursive: true });
    // Runs do not belong into the user's git repository.
    if (!existsSync(join(this.#gcd, '.gitignore'))) writeFileSync(join(this.#gcd, '.gitignore'), '*\n');
    const folder = this.folderOf(run);
    // Renamed when the lock is in it: if this process is killed before, the name stays free.
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
   * Creates `.gcd`, accessible to its owner only: it has `env` of config.yaml, and copies of the project's `.env` and licences.
   * Reduces the permissions of an existing one, unless it belongs to another user.
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

  /** Locks a run's folder. @throws RunLocked if another process works on it */
  hold(run: string): LockedRun {
    const folder = this.folderOf(run);
    const lock = takeOwnerLock(join(folder, 'lock'));
    if (typeof lock !== 'function')
      throw new RunLocked(`another process works on run ${run}: pid ${lock.pid} on ${lock.host}`, {
        hint:
          lock.host === hostname()
            ? `Wait until it ends, or stop it: gcd-sfn stop ${run}`
            : `That process cannot be checked from this host. If it has ended, remove ${join(folder, 'lock')}`,
      });
    this.makePrivate();
    removeTemporaryFiles(folder, true);
    return { store: storeOf(folder), folder, release: lock };
  }

  /** The process that works on a run; undefined if there is none. */
  owner(run: string): Owner | undefined {
    return lockOwner(join(this.folderOf(run), 'lock'));
  }

  /** Names of all folders, including those without a (valid) request. */
  async names(): Promise<string[]> {
    try {
      const entries = await readdir(this.#runs, { withFileTypes: true });
      return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    } catch (error) {
      if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
      throw error;
    }
  }

  /** A run's request. @throws NotFound if it has none (yet), RequestInvalid if it is damaged */
  async request(run: string): Promise<RunRequest> {
    const folder = this.folderOf(run);
    try {
      // The project may have been moved or copied together with its runs.
      return { ...(await readRequest(new FolderStore(folder), run)), project: this.project };
    } catch (error) {
      // Not a file, or not a valid request.
      if (!(error instanceof Unreachable || error instanceof RequestInvalid)) throw error;
      throw new RequestInvalid(`the run in ${folder} is damaged: ${error.message}`, {
        hint: 'The records of its tasks are in parts/ there. It cannot be resumed: remove the folder when you have what you need.',
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
      run === undefined ? `no runs in ${this.#runs}` : `no run '${run}' in ${this.#runs}`,
      {
        hint:
          names.length > 0
            ? `The newest runs are: ${names.join(', ')}`
            : 'Start one: gcd-sfn start --project DIR',
      },
    );
  }

  /** Deletes a run, and `.gcd` if nothing else is in it. */
  async remove(run: string): Promise<void> {
    await rm(this.folderOf(run), { recursive: true, force: true });
    const left = await readdir(this.#runs).catch(() => []);
    if (left.length > 0) return;
    await rm(join(this.#gcd, '.gitignore'), { force: true });
    for (const folder of [this.#runs, this.#gcd]) await rmdir(folder).catch(() => {});
  }

  /** Removes folders of processes that were killed before they wrote the request. */
  async #removeHalfMade(): Promise<void> {
    for (const name of await readdir(this.#runs).catch(() => [])) {
      const folder = this.folderOf(name);
      const hasRequest = await exists(new FolderStore(folder), layout.request);
      if (!hasRequest && existsSync(join(folder, 'lock')) && !lockOwner(join(folder, 'lock')))
        await rm(folder, { recursive: true, force: true });
      else if (!lockOwner(join(folder, 'lock'))) removeTemporaryFiles(folder, false);
    }
    removeTemporaryFilesIn(this.#gcd);
    for (const name of await readdir(this.#gcd).catch(() => [])) {
      const folder = join(this.#gcd, name);
      if (!name.startsWith(halfMade) || lockOwner(join(folder, 'lock'))) continue;
      // Another process may have created it, and not locked it yet.
      const age = await stat(folder).then(
        ({ mtimeMs }) => Date.now() - mtimeMs,
        () => 0,
      );
      if (age > 60_000) await rm(folder, { recursive: true, force: true });
    }
  }
}

/** Claims the number of this execution of a run, from 1; each number is used once. */
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
