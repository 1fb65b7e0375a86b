/** Workers on this machine: a fixed number of slots, and a queue of batches in front of them. */
import type { GcdError } from '../../../ports/errors.ts';
import { layout } from '../../../ports/layout.ts';
import { type Done, readDone } from '../../../ports/parts.ts';
import type { Batch, BatchOutcome } from '../../../ports/records.ts';
import type { Batches, Progress, Workers, WorkersReady, WorkersRequest } from '../../../ports/workers.ts';
import type { FolderStore } from '../store/folder-store.ts';
import { answer, type Offer, remainingTasks } from './offers.ts';
import { Slot } from './slot.ts';
import type { SupervisorSettings } from './supervisor.ts';

export interface LocalWorkersOptions {
  /** The run's store. */
  store: FolderStore;
  /** Name of this execution of the run: part of the parts' names, so that no two executions share one. */
  execution: string;
  slots: number;
  python: () => string[];
  settings: Omit<SupervisorSettings, 'worker' | 'node'>;
}

/** Batches that are read and lie ready for each slot. They cost nothing while they wait. */
const waitingPerSlot = 8;

const nothingDone: Done = { has: () => false, succeeded: 0, failed: 0, attempts: new Map() };

export class LocalWorkers implements Workers, Batches {
  readonly #options: LocalWorkersOptions;
  readonly #slots: Slot[] = [];
  readonly #queue: Offer[] = [];
  #repetition = 0;
  #done = nothingDone;
  #parts = 0;
  #onReady: (() => void) | undefined;
  stopping = false;
  failure: GcdError | undefined;

  constructor(options: LocalWorkersOptions) {
    this.#options = options;
  }

  async start({ repetition }: WorkersRequest): Promise<WorkersReady> {
    this.#done = await readDone(this.#options.store, repetition);
    this.#repetition = repetition;
    if (this.#slots.length > 0) {
      await Promise.all(this.#slots.map((slot) => slot.nextRepetition()));
    } else if (!this.stopping) {
      const ready = new Promise<void>((resolve) => {
        this.#onReady = resolve;
      });
      for (let number = 1; number <= this.#options.slots; number++)
        this.#slots.push(this.#newSlot(`local-${number}`));
      for (const slot of this.#slots) slot.start();
      await Promise.race([ready, Promise.all(this.#slots.map(({ ended }) => ended))]);
    }
    if (this.failure) throw this.failure;
    return { slots: this.#options.slots, waiting: waitingPerSlot * this.#options.slots };
  }

  async offer(batch: Batch): Promise<BatchOutcome> {
    if (this.stopping) return { batch: batch.batch, succeeded: 0, failed: 0, notRun: batch.tasks };
    const { line, tasks } = await remainingTasks(this.#options.store, batch, this.#done);
    return new Promise((resolve) => {
      const offer: Offer = { batch, line, tasks, before: { succeeded: 0, failed: 0 }, resolve };
      if (tasks === 0 || this.stopping) return answer(offer, { succeeded: 0, failed: 0 });
      this.#queue.push(offer);
      this.#assign();
    });
  }

  async stop(how: 'drain' | 'now'): Promise<void> {
    this.stopping = true;
    for (const offer of this.#queue.splice(0)) answer(offer, { succeeded: 0, failed: 0 });
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
      firstFailure: counts.find(({ firstFailure }) => firstFailure)?.firstFailure,
    };
  }

  #newSlot(worker: string): Slot {
    const { store, execution, settings } = this.#options;
    return new Slot({
      python: this.#options.python(),
      settings: { ...settings, worker, node: 'local' },
      newPart: () => store.path(layout.part(this.#repetition, `${execution}-${worker}-${++this.#parts}`)),
      onRoom: () => {
        this.#onReady?.();
        this.#assign();
      },
      onFailure: (error) => this.#fail(error),
    });
  }

  /** One batch to each idle worker before anybody gets one ahead. */
  #assign(): void {
    while (this.#queue.length > 0) {
      const ready = this.#slots.filter((slot) => slot.canTake());
      const [least] = ready.sort((a, b) => a.load - b.load);
      const offer = least && this.#queue.shift();
      if (!offer) return;
      least.take(offer);
    }
  }

  #fail(error: GcdError): void {
    this.failure ??= error;
    this.#onReady?.();
    void this.stop('now');
  }
}
