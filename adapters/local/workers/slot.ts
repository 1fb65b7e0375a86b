/** One worker: its supervisor, its part, the pieces of batches that it has. A supervisor that dies is replaced. */
import { mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { type GcdError, ProjectInvalid, WorkersFailed } from '../../../core/errors/errors.ts';
import type { WorkerEvent } from '../../../core/run-store/records/records.ts';
import type { LiveWorker } from '../../../core/run-store/status/live.ts';
import { type BatchProgress, replay } from './batch-progress.ts';
import { readExecution } from './execution.ts';
import { countLostAttempt } from './lost-attempt.ts';
import { OutputScanner, type SupervisorEvent } from './output-scanner.ts';
import { Part } from './part.ts';
import { answer, type Piece } from './pieces.ts';
import { RunningTask } from './running-task.ts';
import { type SupervisorExit, SupervisorProcess, type SupervisorSettings } from './supervisor-process.ts';

/**
 * A worker gets pieces ahead, so that it never waits for us: as many as it is expected to run in this time, going by how
 * long its last tasks took. Few and short, because a piece behind a long task waits while other workers are idle.
 */
const aheadMs = 20;
const maxAhead = 4;
/** Task durations are measured over at least this: events that arrive together tell nothing. */
const measuredMs = 5;
/** Supervisors that die in a row without having answered a piece. */
const maxDeaths = 3;
/** Time for a supervisor to exit by itself. */
const exitMs = 5000;

export interface SlotOptions {
  python: string[];
  settings: SupervisorSettings;
  /** Path of a new part: of this slot, for the current repetition. */
  newPart: () => string;
  /** How many processes the kernel has killed for memory. */
  kernelKills: () => number;
  /** Called when a worker became ready or a piece was answered: there may be room for another. */
  onRoom: () => void;
  /** Called with the duration of tasks that have ended just now: seconds each, and how many. */
  onDurations: (seconds: number, tasks: number) => void;
  /** Called when the run cannot go on. */
  onFailure: (error: GcdError) => void;
}

export class Slot {
  readonly #options: SlotOptions;
  readonly #pieces: Piece[] = [];
  #scanner = new OutputScanner((event) => this.#onEvent(event));
  #supervisor: SupervisorProcess | undefined;
  #partPath = '';
  #part: Part | undefined;
  /** Lines at the start of the part that no supervisor has written. */
  #ownLines = 0;
  #worker: WorkerEvent | undefined;
  /** The worker that died last. */
  #died: WorkerEvent | undefined;
  #deaths = 0;
  #kernelKills = 0;
  readonly #running = new RunningTask();
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

  /** Pieces that it has. */
  get load(): number {
    return this.#pieces.length;
  }

  /** What it is doing, for status displays. */
  live(): LiveWorker {
    const { worker, node } = this.#options.settings;
    const { succeeded, failed } = this.#scanner;
    const [piece] = this.#pieces;
    const task = this.#worker && piece ? this.#running.current(piece, this.#scanner) : undefined;
    return {
      worker,
      node,
      pid: this.#worker?.pid ?? null,
      succeeded,
      failed,
      task: task ?? null,
      since: task ? this.#running.since : null,
    };
  }

  get counts(): Pick<OutputScanner, 'succeeded' | 'failed' | 'firstFailure'> {
    return this.#scanner;
  }

  /** Whether it should have a piece of so many tasks now. */
  canTake(tasks: number): boolean {
    if (!this.ready || this.#stopping) return false;
    if (this.load === 0) return true;
    const sent = this.#pieces.reduce((sum, piece) => sum + piece.tasks, tasks);
    return this.load <= maxAhead && sent * this.#taskMs < aheadMs;
  }

  /** @param lines of the new part, before what the supervisor writes */
  start(lines: string[] = []): void {
    this.#openPart();
    for (const line of lines) this.#append(Buffer.from(line));
    this.#ownLines = lines.length;
    this.#scanner.startStream();
    this.#running.pieceStarts(this.#scanner);
    const { python, settings, kernelKills } = this.#options;
    this.#kernelKills = kernelKills();
    // A supervisor that dies before its child is ready was in no task.
    mkdirSync(dirname(settings.shared_memory), { recursive: true });
    rmSync(settings.shared_memory, { force: true });
    const supervisor = new SupervisorProcess(python, settings, (bytes) => this.#onOutput(bytes));
    this.#supervisor = supervisor;
    this.ended = supervisor.exited.then((exit) => this.#onExit(exit));
    for (const piece of this.#pieces) this.#send(piece);
  }

  /** Records that come from now on belong to another repetition. Only when it has no piece. */
  async nextRepetition(): Promise<void> {
    await this.#part?.close();
    this.#scanner.reset();
    this.#openPart();
    this.#ownLines = 0;
    if (this.#worker) this.#append(Buffer.from(`${JSON.stringify(this.#worker)}\n`));
  }

  take(piece: Piece): void {
    if (this.#pieces.length === 0) this.#running.pieceStarts(this.#scanner);
    if (this.#pieces.push(piece) === 1) this.#measured = { since: performance.now(), tasks: 0 };
    this.#send(piece);
  }

  stop(how: 'drain' | 'now'): void {
    this.#stopping = true;
    this.#supervisor?.send(JSON.stringify({ stop: how }));
    if (how === 'now' || this.load === 0) {
      const supervisor = this.#supervisor;
      const timer = setTimeout(() => supervisor?.kill(), exitMs);
      void supervisor?.exited.then(() => clearTimeout(timer));
    }
  }

  #send({ batch, line, data, tables }: Piece): void {
    const read = tables === undefined ? '' : `,"tables":${tables}`;
    const files = data === undefined ? '' : `,"data":${data}`;
    this.#supervisor?.send(`{"batch":${batch.batch},"tasks":${line}${files}${read}}`);
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
    // Durable first: what is counted, and answered, is on the disk.
    if (!this.#append(bytes)) return;
    const { succeeded, failed } = this.#scanner;
    const { since } = this.#running;
    this.#scanner.push(bytes);
    const ended = this.#scanner.succeeded + this.#scanner.failed - succeeded - failed;
    this.#running.touch();
    if (ended > 0) this.#options.onDurations((Date.now() / 1000 - since) / ended, ended);
  }

  #onEvent(event: SupervisorEvent): void {
    if (event.event === 'worker') {
      this.#worker = event;
      this.#options.onRoom();
    } else if (event.event === 'batch') {
      const piece = this.#pieces.shift();
      this.#running.pieceStarts(this.#scanner);
      if (piece) answer(piece, event);
      this.#measure(piece?.tasks ?? 0);
      this.#deaths = 0;
      this.#options.onRoom();
    } else if (event.event === 'attempt') {
      this.#running.attemptFailed(event.index);
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
    const progress = await replay(this.#pieces, this.#partPath, this.#ownLines);
    const why = describe(exit);
    if (!this.#stopping && ++this.#deaths > maxDeaths)
      this.#options.onFailure(new WorkersFailed(`a worker died ${this.#deaths} times in a row: ${why}`));
    if (this.#stopping) {
      for (const [n, piece] of this.#pieces.splice(0).entries())
        answer(piece, progress.counts[n] ?? { succeeded: 0, failed: 0 });
      return;
    }
    const line = this.#loseAttempt(progress, why);
    progress.update(this.#pieces);
    while (this.#pieces[0]?.tasks === 0) answer(this.#pieces.shift() as Piece, { succeeded: 0, failed: 0 });
    // The line belongs to the worker that had the task.
    this.start(line === undefined ? [] : [`${JSON.stringify(this.#died)}\n`, line]);
    return this.ended;
  }

  /** Counts an attempt against the task that was running; the line that says so, undefined if no task was running. */
  #loseAttempt(progress: BatchProgress, message: string): string | undefined {
    const { settings, kernelKills } = this.#options;
    const task = progress.executing(readExecution(settings.shared_memory), this.#scanner.answered);
    if (!task) return undefined;
    const isKernelKill = kernelKills() > this.#kernelKills;
    const { line, isLast } = countLostAttempt(task, settings.max_attempts, {
      class: isKernelKill ? 'out-of-memory' : 'lost-node',
      type: isKernelKill ? 'SIGKILL' : 'WorkerLost',
      message,
    });
    progress.heard(isLast ? 'failed' : 'attempt', task[0], task[1]);
    if (isLast) this.#scanner.failed++;
    return line;
  }
}

function describe({ code, signal, diagnostics }: SupervisorExit): string {
  const how = signal
    ? `its supervisor was ended by ${signal}`
    : `its supervisor ended with exit code ${code}`;
  return diagnostics.trim() === '' ? how : `${how}: ${diagnostics.trim()}`;
}
