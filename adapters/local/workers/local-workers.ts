/** Workers on this machine: a fixed number of slots, and a queue of pieces in front of them. */
import { join } from 'node:path';
import { GcdError, Unreachable } from '../../../core/errors/errors.ts';
import { PaceMeter } from '../../../core/estimate/pace.ts';
import { layout } from '../../../core/run-store/layout.ts';
import { type Done, readDone } from '../../../core/run-store/records/parts.ts';
import type { Batch, BatchOutcome } from '../../../core/run-store/records/records.ts';
import type { LiveWorker } from '../../../core/run-store/status/live.ts';
import type { Progress } from '../../../core/run-store/status/run-status.ts';
import type { Batches, Workers, WorkersReady, WorkersRequest } from '../../../ports/workers.ts';
import type { DataCache } from '../data-cache/data-cache.ts';
import type { FolderStore } from '../store/folder-store.ts';
import { remainingTasks } from './completed.ts';
import { Dispatcher } from './dispatcher.ts';
import { kernelKills } from './kernel-kills.ts';
import { answer, type Piece } from './pieces.ts';
import { Slot } from './slot.ts';
import type { SupervisorSettings } from './supervisor-process.ts';

export interface LocalWorkersOptions {
  /** The run's store. */
  store: FolderStore;
  /** Name of this execution of the run: part of the parts' names, so that no two executions share one. */
  execution: string;
  slots: number;
  /** Tasks that failed in earlier executions are run again. */
  retryFailed?: boolean;
  python: () => string[];
  settings: Omit<
    SupervisorSettings,
    'worker' | 'node' | 'log' | 'working_directory' | 'outputs' | 'shared_memory'
  >;
  /** How many processes the kernel has killed for memory; the machine's own count if not given. */
  kernelKills?: () => number;
  /** Where data files are fetched to, unless they are on this machine anyway. */
  data?: DataCache;
}

/** In the run's folder, while the run is active: each worker's working directory, and the memory that it shares. */
export const workingFolder = 'working-directories';

/** Batches that are read ahead for each slot. They cost nothing while they wait. */
const waitingPerSlot = 8;

const nothingDone: Done = { has: () => false, succeeded: 0, failed: 0, attempts: new Map() };

export class LocalWorkers implements Workers, Batches {
  readonly #options: LocalWorkersOptions;
  readonly #slots: Slot[] = [];
  readonly #queue: Piece[] = [];
  #dispatcher: Dispatcher | undefined;
  #repetition = 0;
  #done = nothingDone;
  #parts = 0;
  #pace = new PaceMeter();
  #onReady: (() => void) | undefined;
  /** The last batch that is being read. */
  #reading: Promise<unknown> = Promise.resolve();
  stopping = false;
  failure: GcdError | undefined;

  constructor(options: LocalWorkersOptions) {
    this.#options = options;
  }

  async start({ repetition }: WorkersRequest): Promise<WorkersReady> {
    const { store, data, slots, retryFailed = false } = this.#options;
    this.#done = await readDone(store, repetition, { retryFailed });
    this.#repetition = repetition;
    if (data) this.#dispatcher ??= await Dispatcher.open(data, store, slots);
    if (this.#slots.length > 0) {
      await Promise.all(this.#slots.map((slot) => slot.nextRepetition()));
    } else if (!this.stopping) {
      const ready = new Promise<void>((resolve) => {
        this.#onReady = resolve;
      });
      for (let number = 1; number <= slots; number++) this.#slots.push(this.#newSlot(`local-${number}`));
      for (const slot of this.#slots) slot.start();
      await Promise.race([ready, Promise.all(this.#slots.map(({ ended }) => ended))]);
    }
    if (this.failure) throw this.failure;
    this.#pace.start(repetition, this.#done.succeeded + this.#done.failed);
    return { slots, waiting: waitingPerSlot * slots };
  }

  async offer(batch: Batch): Promise<BatchOutcome> {
    if (this.stopping) return { batch: batch.batch, succeeded: 0, failed: 0, notRun: batch.tasks };
    // One after the other: batches are planned to start in order, heavy ones first.
    const reading = this.#reading.then(() => remainingTasks(this.#options.store, batch, this.#done));
    this.#reading = reading.catch(() => {});
    const left = await reading;
    const pieces = this.#dispatcher && left.tasks > 0 ? this.#dispatcher.pieces(left.line) : [left];
    const outcomes = await Promise.all(pieces.map((piece) => this.#enqueue(batch, piece, left.tables)));
    return outcomes.reduce((sum, { succeeded, failed, notRun }) => ({
      batch: batch.batch,
      succeeded: sum.succeeded + succeeded,
      failed: sum.failed + failed,
      notRun: sum.notRun + notRun,
    }));
  }

  #enqueue(
    batch: Batch,
    { line, tasks }: { line: string; tasks: number },
    tables: string | undefined,
  ): Promise<BatchOutcome> {
    return new Promise((resolve) => {
      const piece: Piece = {
        ...{ batch, line, tasks, before: { succeeded: 0, failed: 0 }, resolve },
        ...(tables !== undefined && { tables }),
      };
      if (tasks === 0 || this.stopping) return answer(piece, { succeeded: 0, failed: 0 });
      this.#queue.push(piece);
      this.#assign();
    });
  }

  async stop(how: 'drain' | 'now'): Promise<void> {
    this.stopping = true;
    for (const piece of this.#queue.splice(0)) answer(piece, { succeeded: 0, failed: 0 });
    for (const slot of this.#slots) slot.stop(how);
    await Promise.all(this.#slots.map(({ ended }) => ended));
  }

  /** How far the repetition is, now. */
  progress(): Progress {
    const counts = this.#slots.map((slot) => slot.counts);
    return {
      repetition: this.#repetition,
      succeeded: counts.reduce((sum, { succeeded }) => sum + succeeded, this.#done.succeeded),
      failed: counts.reduce((sum, { failed }) => sum + failed, this.#done.failed),
      workers: this.#slots.filter(({ ready }) => ready).length,
      busy: this.#slots.filter(({ load }) => load > 0).length,
      ...this.#pace.of(this.#repetition),
      firstFailure: counts.find(({ firstFailure }) => firstFailure)?.firstFailure,
    };
  }

  /** What each worker is doing, now. */
  live(): LiveWorker[] {
    return this.#slots.map((slot) => slot.live());
  }

  #newSlot(worker: string): Slot {
    const { store, execution, settings } = this.#options;
    return new Slot({
      python: this.#options.python(),
      settings: {
        ...{ ...settings, worker, node: 'local', log: store.path(layout.log(worker)) },
        working_directory: join(store.location, workingFolder, worker),
        shared_memory: join(store.location, workingFolder, `${worker}.shared-memory`),
        outputs: join(store.location, layout.outputs.slice(0, -1)),
      },
      newPart: () => store.path(layout.part(this.#repetition, `${execution}-${worker}-${++this.#parts}`)),
      kernelKills: this.#options.kernelKills ?? kernelKills,
      onRoom: () => {
        this.#onReady?.();
        this.#assign();
      },
      onDurations: (seconds, tasks) => this.#pace.add(seconds, tasks),
      onFailure: (error) => this.#fail(error),
    });
  }

  /** Gives a piece to each idle worker before any worker gets one ahead. */
  #assign(): void {
    while (this.#queue.length > 0) {
      const at = this.#nextReady();
      const next = this.#queue[at];
      if (!next) return;
      const ready = this.#slots.filter((slot) => slot.canTake(next.tasks));
      const [leastLoaded] = ready.sort((a, b) => a.load - b.load);
      if (!leastLoaded) return;
      this.#queue.splice(at, 1);
      leastLoaded.take(next);
    }
  }

  /** Index in the queue of the first piece whose data files are on this disk; -1 if none is ready. */
  #nextReady(): number {
    if (!this.#dispatcher) return 0;
    this.#dispatcher.prefetch(
      this.#queue,
      () => this.#assign(),
      // A stop ends downloads: that is no failure.
      (error) => !this.stopping && this.#fail(asFailure(error)),
    );
    return this.#queue.findIndex(({ data }) => data !== undefined);
  }

  #fail(error: GcdError): void {
    this.failure ??= error;
    this.#onReady?.();
    void this.stop('now');
  }
}

/** The disk refuses the data files: it is full, or cannot be written. */
function asFailure(error: unknown): GcdError {
  if (error instanceof GcdError) return error;
  return new Unreachable(`data files cannot be fetched to this disk: ${(error as Error).message}`, {
    hint: 'Free some space or repair the disk, then run `gcd-sfn resume`: what is done is kept.',
    cause: error,
  });
}
