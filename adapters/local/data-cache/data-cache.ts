/**
 * Data files of a store, downloaded into a folder ahead of use, and kept while there is room.
 *
 * A user of files holds them: they are downloaded in the order of the requests, some at a time, and stay until they are
 * released. Files that nobody holds are evicted when room is needed, least recently used first. When all files are held,
 * downloads wait; only the files of the oldest hold may exceed the limit, because nothing else would ever make room for them.
 */
import { rmdirSync } from 'node:fs';
import { mkdir, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { GcdError } from '../../../core/errors/errors.ts';
import type { Store } from '../../../core/store.ts';
import { download } from './download.ts';
import { FilePaths } from './file-paths.ts';

const maxBytes = 10 * 2 ** 30;
const shareOfFree = 1 / 4;

export interface DataCacheOptions {
  store: Store;
  /** Absolute path; its contents are removed. */
  folder: string;
  /** Bytes. */
  limit?: number;
  /** Files that are fetched at the same time. */
  concurrency?: number;
  /** How long a download is retried while the store cannot be reached. */
  patienceMs?: number;
}

export interface DataFile {
  key: string;
  /** Bytes, as far as is known. */
  size: number;
}

/** A file on this disk, or why it cannot be downloaded. */
export type Fetched = { key: string; path: string } | { key: string; error: GcdError };

export interface Hold {
  /** Settles when each file is downloaded or has failed. @throws when this disk refuses them */
  files: Promise<Fetched[]>;
  /** The files are not needed any more. */
  release(): void;
}

interface Entry {
  key: string;
  size: number;
  path: string;
  state: 'queued' | 'fetching' | 'cached' | 'failed';
  holds: number;
  fetched: Promise<Fetched>;
  settle: (fetched: Fetched) => void;
  fail: (error: unknown) => void;
}

export class DataCache {
  readonly limit: number;
  readonly concurrency: number;
  readonly #options: DataCacheOptions;
  readonly #paths: FilePaths;
  /** By key; those without a hold in the order of their last use. */
  readonly #entries = new Map<string, Entry>();
  readonly #queue: Entry[] = [];
  /** Oldest first. */
  readonly #holds = new Set<Entry[]>();
  readonly #active = new Set<Promise<void>>();
  readonly #closing = new AbortController();
  #bytes = 0;
  #removals: Promise<unknown> = Promise.resolve();
  #downloads = 0;

  private constructor(options: DataCacheOptions, limit: number) {
    this.#options = options;
    this.limit = limit;
    this.concurrency = options.concurrency ?? 8;
    this.#paths = new FilePaths(options.folder);
  }

  static async open(options: DataCacheOptions): Promise<DataCache> {
    // Left by a killed process: it may differ from the store by now.
    await rm(options.folder, { recursive: true, force: true });
    for (const name of ['partial', 'files']) await mkdir(join(options.folder, name), { recursive: true });
    return new DataCache(options, options.limit ?? (await defaultLimit(options.folder)));
  }

  /** The folder below which a file has its key as its path, if it can. */
  get root(): string {
    return this.#paths.namedFolder;
  }

  /** Bytes of the files that are cached or being downloaded. */
  get bytes(): number {
    return this.#bytes;
  }

  hold(files: Iterable<DataFile>): Hold {
    const entries: Entry[] = [];
    for (const file of files) {
      const entry = this.#entries.get(file.key) ?? this.#enqueue(file);
      entry.holds++;
      entries.push(entry);
    }
    this.#holds.add(entries);
    this.#fetchNext();
    return {
      files: Promise.all(entries.map(({ fetched }) => fetched)),
      release: () => {
        if (!this.#holds.delete(entries)) return;
        for (const entry of entries) if (--entry.holds === 0) this.#unhold(entry);
        this.#fetchNext();
      },
    };
  }

  /** Ends downloads and removes the folder. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all(this.#active);
    await this.#removals;
    await rm(this.#options.folder, { recursive: true, force: true });
  }

  #enqueue({ key, size }: DataFile): Entry {
    const { promise, resolve, reject } = Promise.withResolvers<Fetched>();
    // The holders see the rejection; there may be none by now.
    promise.catch(() => {});
    const entry: Entry = {
      key,
      size,
      path: '',
      state: 'queued',
      holds: 0,
      fetched: promise,
      settle: resolve,
      fail: reject,
    };
    this.#entries.set(key, entry);
    this.#queue.push(entry);
    return entry;
  }

  /** After its last release. */
  #unhold(entry: Entry): void {
    if (entry.state === 'fetching') return;
    this.#entries.delete(entry.key);
    if (entry.state === 'cached') this.#entries.set(entry.key, entry);
    else if (entry.state === 'queued') this.#queue.splice(this.#queue.indexOf(entry), 1);
  }

  #fetchNext(): void {
    while (!this.#closing.signal.aborted && this.#active.size < this.concurrency) {
      const [entry] = this.#queue;
      if (!entry || !this.#makeRoomFor(entry)) return;
      this.#queue.shift();
      entry.state = 'fetching';
      this.#bytes += entry.size;
      const active = this.#fetch(entry).finally(() => {
        this.#active.delete(active);
        this.#fetchNext();
      });
      this.#active.add(active);
    }
  }

  /** Evicts files as needed. @returns whether the file may be downloaded now */
  #makeRoomFor(entry: Entry): boolean {
    const victims: Entry[] = [];
    let excess = this.#bytes + entry.size - this.limit;
    for (const other of this.#entries.values()) {
      if (excess <= 0) break;
      if (other.holds > 0 || other.state !== 'cached') continue;
      victims.push(other);
      excess -= other.size;
    }
    const [oldest] = this.#holds;
    if (excess > 0 && !oldest?.includes(entry)) return false;
    for (const victim of victims) {
      this.#entries.delete(victim.key);
      this.#bytes -= victim.size;
    }
    if (victims.length > 0)
      this.#removals = Promise.all([this.#removals, ...victims.map((victim) => this.#remove(victim))]);
    return true;
  }

  async #remove({ key, path }: Entry): Promise<void> {
    await rm(path, { force: true });
    for (const folder of this.#paths.release(key)) removeIfEmpty(folder);
  }

  async #fetch(entry: Entry): Promise<void> {
    const { store, folder, patienceMs = 120_000 } = this.#options;
    const { key } = entry;
    const partial = join(folder, 'partial', `${++this.#downloads}`);
    const reserved = entry.size;
    try {
      // The room, and the paths, are free only when the evicted files are deleted.
      await this.#removals;
      const { path, bytes } = await download({
        store,
        key,
        partial,
        path: this.#paths.take(key),
        fallbackPath: this.#paths.hashedPath(key),
        patienceMs,
        signal: this.#closing.signal,
      });
      Object.assign(entry, { path, size: bytes, state: 'cached' });
      entry.settle({ key, path });
    } catch (error) {
      this.#paths.release(key);
      Object.assign(entry, { size: 0, state: 'failed' });
      if (error instanceof GcdError) entry.settle({ key, error });
      else entry.fail(error);
    }
    this.#bytes += entry.size - reserved;
    if (entry.holds === 0) this.#unhold(entry);
  }
}

/** Synchronous, so that no file can be added meanwhile. */
function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // A task has left something beside the data file, or the folder was never created.
  }
}

/** 10 GiB, or a quarter of what is free on the folder's disk, if that is less. @param folder an existing one */
export async function defaultLimit(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return Math.min(maxBytes, Math.floor(bavail * bsize * shareOfFree));
}
