/** Reads parts: lines of records and events that workers wrote (worker/PROTOCOL.md). */
import { NotFound } from '../../errors/errors.ts';
import { readIfThere, type Store, type StoredObject } from '../../store.ts';
import { layout } from '../layout.ts';
import { linesOf } from './lines.ts';
import { readLine } from './part-line.ts';
import { readInOrder } from './read-ahead.ts';
import { Ids } from './task-ids.ts';

/** A repetition's parts. */
export async function* partsIn(store: Store, repetition: number): AsyncGenerator<StoredObject> {
  try {
    yield* store.list(layout.parts(repetition));
  } catch (error) {
    if (!(error instanceof NotFound)) throw error;
  }
}

/** The lines of objects, object by object, many lines at a time; several objects are read in parallel. */
export async function* linesInOrder(
  store: Store,
  objects: AsyncIterable<StoredObject>,
): AsyncGenerator<{ key: string; lines: Buffer[] }> {
  for await (const { key, body } of readInOrder(store, objects))
    for await (const lines of linesOf(body)) yield { key, lines };
}

/** Tasks of a repetition that earlier executions of the run have done. */
export interface Done {
  /** Whether this task has a record. */
  has(index: number, id: string): boolean;
  succeeded: number;
  failed: number;
  /** Number of attempts of tasks that have no record yet. */
  attempts: Map<number, number>;
}

/**
 * Reads every part of a repetition. A success wins over a failure of the same task.
 * @param retryFailed failed tasks count as not done, and their attempts are forgotten
 */
export async function readDone(
  store: Store,
  repetition: number,
  { retryFailed = false }: { retryFailed?: boolean } = {},
): Promise<Done> {
  const outcomes = new Outcomes(await tasksOf(store));
  const attempts = new Map<number, number>();
  for await (const { lines } of linesInOrder(store, partsIn(store, repetition)))
    for (const line of lines) {
      const read = readLine(line);
      if (read.kind === 'attempt') attempts.set(read.index, (attempts.get(read.index) ?? 0) + 1);
      else if (read.kind === 'succeeded' || read.kind === 'failed')
        outcomes.add(read.index, read.task, read.kind);
    }
  // Before failures are discarded: a retried task gets all its attempts.
  for (const index of [...attempts.keys()]) if (outcomes.hasAny(index)) attempts.delete(index);
  if (retryFailed) outcomes.forgetFailed();
  return {
    has: (index, id) => outcomes.has(index, id),
    succeeded: outcomes.succeeded,
    failed: outcomes.failed,
    attempts,
  };
}

/** Outcomes of tasks by index: one byte a task, and its id. */
class Outcomes {
  static readonly #none = 0;
  static readonly #failed = 1;
  static readonly #succeeded = 2;
  #ends = new Uint8Array(1024);
  #ids = new Ids(1024);
  /** Records whose id differs from an earlier one of the same index: at most one of them is a task's. */
  readonly #others = new Map<string, 'succeeded' | 'failed'>();
  readonly #tasks: number;
  succeeded = 0;
  failed = 0;

  /** @param tasks exclusive upper bound of indices */
  constructor(tasks: number) {
    this.#tasks = tasks;
  }

  has(index: number, id: string): boolean {
    return this.hasAny(index) && (this.#ids.is(index, id) || this.#others.has(`${index} ${id}`));
  }

  hasAny(index: number): boolean {
    return (this.#ends[index] ?? Outcomes.#none) !== Outcomes.#none;
  }

  add(index: number, id: string, kind: 'succeeded' | 'failed'): void {
    if (index >= this.#tasks) return;
    if (index >= this.#ends.length) this.#grow(index);
    const before = this.#ends[index];
    if (before !== Outcomes.#none && !this.#ids.is(index, id)) {
      if (this.#others.get(`${index} ${id}`) !== 'succeeded') this.#others.set(`${index} ${id}`, kind);
      return;
    }
    if (before === Outcomes.#succeeded || (before === Outcomes.#failed && kind === 'failed')) return;
    if (before === Outcomes.#failed) this.failed--;
    this[kind]++;
    this.#ends[index] = kind === 'succeeded' ? Outcomes.#succeeded : Outcomes.#failed;
    this.#ids.set(index, id);
  }

  forgetFailed(): void {
    this.failed = 0;
    for (const [index, end] of this.#ends.entries())
      if (end === Outcomes.#failed) this.#ends[index] = Outcomes.#none;
    for (const [key, kind] of this.#others) if (kind === 'failed') this.#others.delete(key);
  }

  #grow(index: number): void {
    const larger = new Uint8Array(2 * (index + 1));
    larger.set(this.#ends);
    this.#ends = larger;
    this.#ids = this.#ids.grown(larger.length);
  }
}

/** Upper bound of indices without a plan, so that a damaged record cannot exhaust the memory. */
const maxTasks = 10_000_000;

async function tasksOf(store: Store): Promise<number> {
  const plan = await readIfThere(store, layout.plan);
  return plan ? (JSON.parse(plan.toString()) as { tasks: number }).tasks : maxTasks;
}
