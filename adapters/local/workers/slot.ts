/** One worker's place: a supervisor, its part, the batches that it has. A supervisor that dies is replaced. */
import { type GcdError, ProjectInvalid, WorkersFailed } from '../../../core/errors/errors.ts';
import type { WorkerEvent } from '../../../core/run-store/records/records.ts';
import type { LiveWorker } from '../../../core/run-store/status/live.ts';
import { answer, type Offer } from './offers.ts';
import { Part } from './part.ts';
import { recover } from './recovery.ts';
import { Scanner, type SupervisorEvent } from './scanner.ts';
import { Supervisor, type SupervisorExit, type SupervisorSettings } from './supervisor.ts';
import { Trace } from './trace.ts';

/**
 * A worker gets batches ahead, so that it never waits for us: as many as it is expected to work off in this
 * time, going by how long its last tasks took. Few and short, because a batch that lies behind a long task
 * waits for it while other workers are idle.
 */
const aheadMs = 20;
const mostAhead = 4;
/** The time that tasks take is measured over at least this: events that arrive together tell nothing. */
const measuredMs = 5;
/** Supervisors that die in a row without having finished anything. */
const mostDeaths = 3;
/** A supervisor that was told to stop at once, or has nothing to do, and is still there after this. */
const patienceMs = 5000;

export interface SlotOptions {
  python: string[];
  settings: SupervisorSettings;
  /** Path of a new part: of this slot, for the current repetition. */
  newPart: () => string;
  /** Called when a worker became ready or a batch was answered: there may be room for another. */
  onRoom: () => void;
  /** Told how long tasks took that have ended just now: seconds each, and how many. */
  onDurations: (seconds: number, tasks: number) => void;
  /** Called when the run cannot go on. */
  onFailure: (error: GcdError) => void;
}

export class Slot {
  readonly #options: SlotOptions;
  readonly #offers: Offer[] = [];
  #scanner = new Scanner((event) => this.#onEvent(event));
  #supervisor: Supervisor | undefined;
  #partPath = '';
  #part: Part | undefined;
  #worker: WorkerEvent | undefined;
  /** The worker that died last. */
  #died: WorkerEvent | undefined;
  #deaths = 0;
  readonly #trace = new Trace();
  #stopping = false;
  /** How long a task took lately. */
  #taskMs = Number.POSITIVE_INFINITY;
  /** Since when it is measured, and how many tasks have ended since. */
  #measured = { since: 0, tasks: 0 };
  /** Resolves when the slot's last supervisor has ended and its part is closed. */
  ended: Promise<void> = Promise.resolve();

  constructor(options: SlotOptions) {
    this.#options = options;
  }

  get ready(): boolean {
    return this.#worker !== undefined;
  }

  /** Batches that it has. */
  get load(): number {
    return this.#offers.length;
  }

  /** What it is doing, for whoever watches. */
  live(): LiveWorker {
    const { worker, node } = this.#options.settings;
    const { succeeded, failed } = this.#scanner;
    const task =
      this.#worker && this.#offers[0] ? this.#trace.current(this.#offers[0], this.#scanner) : undefined;
    return {
      worker,
      node,
      pid: this.#worker?.pid ?? null,
      succeeded,
      failed,
      task: task ?? null,
      since: task ? this.#trace.since : null,
    };
  }

  get counts(): Pick<Scanner, 'succeeded' | 'failed' | 'firstFailure'> {
    return this.#scanner;
  }

  /** Whether it should have a batch of so many tasks now. */
  canTake(tasks: number): boolean {
    if (!this.ready || this.#stopping) return false;
    if (this.load === 0) return true;
    const inHand = this.#offers.reduce((sum, offer) => sum + offer.tasks, tasks);
    return this.load <= mostAhead && inHand * this.#taskMs < aheadMs;
  }

  start(): void {
    this.#openPart();
    this.#scanner.startStream();
    this.#trace.batchBegins(this.#scanner);
    const { python, settings } = this.#options;
    const supervisor = new Supervisor(python, settings, (bytes) => this.#onOutput(bytes));
    this.#supervisor = supervisor;
    this.ended = supervisor.exited.then((exit) => this.#onExit(exit));
    for (const offer of this.#offers) this.#send(offer);
  }

  /** Records that come from now on belong to another repetition. Only when it has no batch. */
  async nextRepetition(): Promise<void> {
    await this.#part?.close();
    this.#scanner.reset();
    this.#openPart();
    if (this.#worker) this.#append(Buffer.from(`${JSON.stringify(this.#worker)}\n`));
  }

  take(offer: Offer): void {
    if (this.#offers.length === 0) this.#trace.batchBegins(this.#scanner);
    if (this.#offers.push(offer) === 1) this.#measured = { since: performance.now(), tasks: 0 };
    this.#send(offer);
  }

  stop(how: 'drain' | 'now'): void {
    this.#stopping = true;
    this.#supervisor?.send(JSON.stringify({ stop: how }));
    if (how === 'now' || this.load === 0) {
      const supervisor = this.#supervisor;
      const timer = setTimeout(() => supervisor?.kill(), patienceMs);
      void supervisor?.exited.then(() => clearTimeout(timer));
    }
  }

  #send({ batch, line, data, tables }: Offer): void {
    const read = tables === undefined ? '' : `,"tables":${tables}`;
    const told = `${data === undefined ? '' : `,"data":${data}`}${read}`;
    this.#supervisor?.send(`{"batch":${batch.batch},"tasks":${line}${told}}`);
  }

  #openPart(): void {
    this.#partPath = this.#options.newPart();
    this.#part = new Part(this.#partPath);
  }

  #append(bytes: Uint8Array): boolean {
    try {
      this.#part?.append(bytes);
      return true;
    } catch (error) {
      this.#options.onFailure(error as GcdError);
      return false;
    }
  }

  #onOutput(bytes: Buffer): void {
    // Durable first: what is counted, and answered, is there.
    if (!this.#append(bytes)) return;
    const { succeeded, failed } = this.#scanner;
    const { since } = this.#trace;
    this.#scanner.push(bytes);
    const ended = this.#scanner.succeeded + this.#scanner.failed - succeeded - failed;
    this.#trace.touch();
    if (ended > 0) this.#options.onDurations((Date.now() / 1000 - since) / ended, ended);
  }

  #onEvent(event: SupervisorEvent): void {
    if (event.event === 'worker') {
      this.#worker = event;
      this.#options.onRoom();
    } else if (event.event === 'batch') {
      const offer = this.#offers.shift();
      this.#trace.batchBegins(this.#scanner);
      if (offer) answer(offer, event);
      this.#measure(offer?.tasks ?? 0);
      this.#deaths = 0;
      this.#options.onRoom();
    } else if (event.event === 'attempt') {
      this.#trace.retried(event.index);
    } else if (event.event === 'invalid') {
      this.#options.onFailure(
        new ProjectInvalid(event.message, event.hint === null ? {} : { hint: event.hint }),
      );
    }
  }

  #measure(tasks: number): void {
    const measured = this.#measured;
    measured.tasks += tasks;
    const ms = performance.now() - measured.since;
    if (ms < measuredMs || measured.tasks === 0) return;
    this.#taskMs = ms / measured.tasks;
    this.#measured = { since: performance.now(), tasks: 0 };
  }

  async #onExit(exit: SupervisorExit): Promise<void> {
    this.#died = this.#worker ?? this.#died;
    this.#worker = undefined;
    await this.#part?.close();
    const [offer] = this.#offers;
    const why = describe(exit);
    if (!this.#stopping && ++this.#deaths > mostDeaths)
      this.#options.onFailure(new WorkersFailed(`a worker died ${mostDeaths + 1} times in a row: ${why}`));
    if (this.#stopping) {
      for (const unanswered of this.#offers.splice(0)) answer(unanswered, { succeeded: 0, failed: 0 });
      return;
    }
    const lines = offer ? await recover(offer, this.#partPath, this.#options.settings.max_attempts, why) : [];
    if (offer?.tasks === 0) {
      this.#offers.shift();
      answer(offer, { succeeded: 0, failed: 0 });
    }
    if (this.#stopping) return this.#onExit(exit);
    this.start();
    // What is said of a struck task is said in the name of the worker that had it.
    if (lines.length > 0 && this.#died) lines.unshift(`${JSON.stringify(this.#died)}\n`);
    for (const line of lines) this.#append(Buffer.from(line));
    this.#scanner.failed += lines.filter((line) => line.startsWith('{"status":"failed"')).length;
    return this.ended;
  }
}

function describe({ code, signal, diagnostics }: SupervisorExit): string {
  const how = signal
    ? `its supervisor was ended by ${signal}`
    : `its supervisor ended with exit code ${code}`;
  return diagnostics.trim() === '' ? how : `${how}: ${diagnostics.trim()}`;
}
