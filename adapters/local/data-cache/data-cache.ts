/**
 * Data files of a store, fetched into a folder ahead of need, kept as long as there is room.
 *
 * Who needs files holds them: they are fetched in the order in which they were asked for, some at a time, and stay until
 * they are released. What nobody holds makes room when it is needed, least recently used first. When all that is there
 * is held, fetching waits; only what the oldest hold needs is fetched beyond the limit, because nothing else would
 * ever make room for it.
 */
import { rmdirSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { GcdError } from '../../../core/errors/errors.ts';
import type { Store } from '../../../core/store.ts';
import { download } from './download.ts';
import { defaultLimit } from './limit.ts';
import { Paths } from './paths.ts';

export interface DataCacheOptions {
  store: Store;
  /** Absolute path; what is in it goes. */
  folder: string;
  /** Bytes. */
  limit?: number;
  /** Files that are fetched at the same time. */
  concurrency?: number;
  /** For how long a file is tried again while the store cannot be reached. */
  patienceMs?: number;
}

export interface DataFile {
  key: string;
  /** Bytes, as far as is known. */
  size: number;
}

/** A file on this disk, or why it cannot be had. */
export type Fetched = { key: string; path: string } | { key: string; error: GcdError };

export interface Hold {
  /** Settles when each of the files is there or known not to be. @throws when this disk does not take them */
  files: Promise<Fetched[]>;
  /** The files are not needed any more. */
  release(): void;
}

interface Entry {
  key: string;
  size: number;
  path: string;
  state: 'queued' | 'fetching' | 'there' | 'failed';
  holds: number;
  fetched: Promise<Fetched>;
  settle: (fetched: Fetched) => void;
  fail: (error: unknown) => void;
}

export class DataCache {
  readonly limit: number;
  readonly concurrency: number;
  readonly #options: DataCacheOptions;
  readonly #paths: Paths;
  /** By key; those that nobody holds in the order of their last use. */
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
    this.#paths = new Paths(options.folder);
  }

  static async open(options: DataCacheOptions): Promise<DataCache> {
    // What a killed process left: nobody knows whether it is still as in the store.
    await rm(options.folder, { recursive: true, force: true });
    for (const name of ['partial', 'files']) await mkdir(join(options.folder, name), { recursive: true });
    return new DataCache(options, options.limit ?? (await defaultLimit(options.folder)));
  }

  /** Below it lies each file that could keep its key as its path. */
  get root(): string {
    return this.#paths.usual;
  }

  /** Bytes of the files that are there or on their way. */
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
        for (const entry of entries) if (--entry.holds === 0) this.#rest(entry);
        this.#fetchNext();
      },
    };
  }

  /** Ends what is under way and removes the folder. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all(this.#active);
    await this.#removals;
    await rm(this.#options.folder, { recursive: true, force: true });
  }

  #enqueue({ key, size }: DataFile): Entry {
    const { promise, resolve, reject } = Promise.withResolvers<Fetched>();
    // Who holds it hears of it; perhaps nobody does any more.
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

  /** Nobody holds it any more. */
  #rest(entry: Entry): void {
    if (entry.state === 'fetching') return;
    this.#entries.delete(entry.key);
    if (entry.state === 'there') this.#entries.set(entry.key, entry);
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

  /** Removes what nobody holds, as far as is needed. @returns whether the file may be fetched now */
  #makeRoomFor(entry: Entry): boolean {
    const victims: Entry[] = [];
    let excess = this.#bytes + entry.size - this.limit;
    for (const other of this.#entries.values()) {
      if (excess <= 0) break;
      if (other.holds > 0 || other.state !== 'there') continue;
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
    for (const folder of this.#paths.give(key)) removeIfEmpty(folder);
  }

  async #fetch(entry: Entry): Promise<void> {
    const { store, folder, patienceMs = 120_000 } = this.#options;
    const { key } = entry;
    const partial = join(folder, 'partial', `${++this.#downloads}`);
    const reserved = entry.size;
    try {
      // Room that was made is room only when the removed files are gone; and so are their paths.
      await this.#removals;
      const { path, bytes } = await download({
        store,
        key,
        partial,
        path: this.#paths.take(key),
        otherwise: this.#paths.other(key),
        patienceMs,
        signal: this.#closing.signal,
      });
      Object.assign(entry, { path, size: bytes, state: 'there' });
      entry.settle({ key, path });
    } catch (error) {
      this.#paths.give(key);
      Object.assign(entry, { size: 0, state: 'failed' });
      if (error instanceof GcdError) entry.settle({ key, error });
      else entry.fail(error);
    }
    this.#bytes += entry.size - reserved;
    if (entry.holds === 0) this.#rest(entry);
  }
}

/** At once, so that nothing can be put into it meanwhile. */
function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Somebody's code has left something beside the data file, or the folder was never made.
  }
}
