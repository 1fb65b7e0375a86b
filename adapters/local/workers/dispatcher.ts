/**
 * For data that is not on this machine: cuts batches into pieces whose files fit into the cache together, and fetches the
 * files of the next pieces while they wait for a worker.
 */
import { type GcdError, Throttled, Unreachable } from '../../../core/errors/errors.ts';
import { layout } from '../../../core/run-store/layout.ts';
import { linesOf } from '../../../core/run-store/records/lines.ts';
import type { Store } from '../../../core/store.ts';
import type { DataCache, DataFile, Fetched } from '../data-cache/data-cache.ts';
import type { Piece, SentTask } from './pieces.ts';

/** Of a piece: a worker should not wait for too many files before it starts. */
const maxFiles = 32;

/** `data` of a batch in worker/PROTOCOL.md. */
type DataOfPiece = Record<string, { path: string } | { error: string; message: string }>;

const sizeAtEnd = /"size":(\d+)\}$/;

/** Whether a retry may help. */
const isTransient = (error: GcdError) => error instanceof Unreachable || error instanceof Throttled;

export class Dispatcher {
  readonly #cache: DataCache;
  /** Bytes of each task's file, by the task's index. */
  readonly #sizes: number[];
  /** Pieces whose files are fetched before a worker is free for them. */
  readonly #waiting: number;
  readonly #pieceBytes: number;

  /** @param store the run's, with its manifest */
  static async open(cache: DataCache, store: Store, slots: number): Promise<Dispatcher> {
    const sizes: number[] = [];
    for await (const lines of linesOf(store.read(layout.manifest)))
      for (const line of lines)
        sizes.push(Number(sizeAtEnd.exec(line.toString('latin1', Math.max(0, line.length - 40)))?.[1] ?? 0));
    return new Dispatcher(cache, sizes, slots);
  }

  private constructor(cache: DataCache, sizes: number[], slots: number) {
    this.#cache = cache;
    this.#sizes = sizes;
    this.#waiting = slots + 2 * cache.concurrency;
    // Each worker has a piece, and perhaps another one ahead.
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
        if (pieces.length === 0 || files.size === maxFiles || bytes + size > this.#pieceBytes) {
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
   * Fetches the files of the first pieces; sets `data` of each piece when its files are on this disk.
   * @param onReady called then
   * @param onError called when this disk refuses the files, or the store cannot be reached: neither is a property of the
   * file, so its tasks are not run, and a resumed run can run them
   */
  prefetch(queue: Piece[], onReady: () => void, onError: (error: unknown) => void): void {
    for (const piece of queue.slice(0, this.#waiting)) {
      if (piece.release) continue;
      const hold = this.#cache.hold(this.#filesOf(piece));
      piece.release = hold.release;
      hold.files.then((files) => {
        const unreachable = files.find((file) => 'error' in file && isTransient(file.error));
        if (unreachable && 'error' in unreachable) return onError(unreachable.error);
        piece.data = JSON.stringify(this.#dataOf(files));
        onReady();
      }, onError);
    }
  }

  #filesOf({ line }: Piece): DataFile[] {
    const files = new Map<string, DataFile>();
    for (const [index, , key] of JSON.parse(line) as SentTask[])
      files.set(key, { key, size: this.#sizes[index] ?? 0 });
    return [...files.values()];
  }

  /** Files that do not lie below the root under their name, and why. */
  #dataOf(files: Fetched[]): DataOfPiece {
    // Any key at all: `__proto__`, too.
    const data: DataOfPiece = Object.create(null);
    for (const file of files)
      if ('error' in file) data[file.key] = { error: file.error.name, message: file.error.message };
      else if (file.path !== `${this.#cache.root}/${file.key}`) data[file.key] = { path: file.path };
    return data;
  }
}
