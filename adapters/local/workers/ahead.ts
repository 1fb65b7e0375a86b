/**
 * Data that is not on this machine: has the files of the next few batches fetched while they wait for a worker.
 * Batches are cut into pieces whose files fit into the cache together, so that it can hold what is at work and what comes
 * next.
 */
import { type GcdError, Throttled, Unreachable } from '../../../core/errors/errors.ts';
import { layout } from '../../../core/run-store/layout.ts';
import { linesOf } from '../../../core/run-store/records/lines.ts';
import type { Store } from '../../../core/store.ts';
import type { DataCache, DataFile, Fetched } from '../data-cache/data-cache.ts';
import type { Offer, SentTask } from './offers.ts';

/** Of a piece: a worker should not wait for too many files before it begins. */
const mostFiles = 32;

/** `data` of a batch in worker/PROTOCOL.md. */
type Told = Record<string, { path: string } | { error: string; message: string }>;

const sizeAtEnd = /"size":(\d+)\}$/;

/** Whether trying again later may help. */
const passes = (error: GcdError) => error instanceof Unreachable || error instanceof Throttled;

export class Ahead {
  readonly #cache: DataCache;
  /** Bytes of each task's file, by the task's index. */
  readonly #sizes: number[];
  /** Pieces whose files are there, or fetched, before a worker is free for them. */
  readonly #waiting: number;
  readonly #pieceBytes: number;

  /** @param store the run's, with its manifest */
  static async open(cache: DataCache, store: Store, slots: number): Promise<Ahead> {
    const sizes: number[] = [];
    for await (const lines of linesOf(store.read(layout.manifest)))
      for (const line of lines)
        sizes.push(Number(sizeAtEnd.exec(line.toString('latin1', Math.max(0, line.length - 40)))?.[1] ?? 0));
    return new Ahead(cache, sizes, slots);
  }

  private constructor(cache: DataCache, sizes: number[], slots: number) {
    this.#cache = cache;
    this.#sizes = sizes;
    this.#waiting = slots + 2 * cache.concurrency;
    // Each worker has a piece, and perhaps one ahead.
    this.#pieceBytes = cache.limit / (2 * slots + this.#waiting);
  }

  /** Cuts a batch's tasks, in their order. */
  pieces(line: string): { line: string; tasks: number }[] {
    const pieces: SentTask[][] = [];
    let files = new Set<string>();
    let bytes = 0;
    for (const task of JSON.parse(line) as SentTask[]) {
      const [index, , file] = task;
      if (!files.has(file)) {
        const size = this.#sizes[index] ?? 0;
        if (pieces.length === 0 || files.size === mostFiles || bytes + size > this.#pieceBytes) {
          pieces.push([]);
          files = new Set();
          bytes = 0;
        }
        files.add(file);
        bytes += size;
      }
      pieces.at(-1)?.push(task);
    }
    return pieces.map((tasks) => ({ line: JSON.stringify(tasks), tasks: tasks.length }));
  }

  /**
   * Has the files of the first offers fetched; sets `data` of each offer when its files are there.
   * @param onReady called then
   * @param onError called when this machine's disk does not take them, or the place that they come from cannot be
   * reached: neither is a property of the file, and with the tasks not run, a resumed run can do them
   */
  fetchFor(queue: Offer[], onReady: () => void, onError: (error: unknown) => void): void {
    for (const offer of queue.slice(0, this.#waiting)) {
      if (offer.release) continue;
      const hold = this.#cache.hold(this.#filesOf(offer));
      offer.release = hold.release;
      hold.files.then((files) => {
        const unreached = files.find((file) => 'error' in file && passes(file.error));
        if (unreached && 'error' in unreached) return onError(unreached.error);
        offer.data = JSON.stringify(this.#told(files));
        onReady();
      }, onError);
    }
  }

  #filesOf({ line }: Offer): DataFile[] {
    const files = new Map<string, DataFile>();
    for (const [index, , key] of JSON.parse(line) as SentTask[])
      files.set(key, { key, size: this.#sizes[index] ?? 0 });
    return [...files.values()];
  }

  /** What a supervisor must be told: which files are not below the root, and why. */
  #told(files: Fetched[]): Told {
    // Any key at all: `__proto__`, too.
    const told: Told = Object.create(null);
    for (const file of files)
      if ('error' in file) told[file.key] = { error: file.error.name, message: file.error.message };
      else if (file.path !== `${this.#cache.root}/${file.key}`) told[file.key] = { path: file.path };
    return told;
  }
}
