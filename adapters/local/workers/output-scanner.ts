/** Counts what a supervisor writes. Successes are not parsed: this is the hot path. */
import type { TaskRecord, WorkerEvent } from '../../../core/run-store/records/records.ts';

/** The events of worker/PROTOCOL.md. */
export type SupervisorEvent =
  | WorkerEvent
  | { event: 'invalid'; error: string; message: string; hint: string | null }
  | { event: 'attempt'; index: number; task: string; attempt: number; class: string; message: string }
  | { event: 'batch'; batch: number; succeeded: number; failed: number; not_run: number };

const newline = 0x0a;
const failedMark = 'f'.charCodeAt(0);
const recordMark = 's'.charCodeAt(0);
/** Where a line says what it is: `{"status":"failed"` and `{"event":"batch"`. */
const kindAt = 2;
const outcomeAt = 11;

export class OutputScanner {
  succeeded = 0;
  failed = 0;
  /** Failed attempts that are followed by another one. */
  #attempts = 0;
  /** Executions that were counted when the supervisor's present child started. */
  #before = 0;
  /** The first failed record. */
  firstFailure: (TaskRecord & { status: 'failed' }) | undefined;
  readonly #onEvent: (event: SupervisorEvent) => void;
  /** Chunks of a line whose end has not come yet. */
  #rest: Buffer[] = [];

  /** @param onEvent called for each event, in its place among the records */
  constructor(onEvent: (event: SupervisorEvent) => void) {
    this.#onEvent = onEvent;
  }

  /** Executions that the supervisor's child has reported in its life. */
  get answered(): number {
    return this.succeeded + this.failed + this.#attempts - this.#before;
  }

  /** Another supervisor writes: the torn line of the one before is dropped. */
  startStream(): void {
    this.#rest = [];
    this.#before += this.answered;
  }

  /** Sets the counts back to 0; the child stays. */
  reset(): void {
    this.#before = -this.answered;
    this.#attempts = 0;
    this.succeeded = 0;
    this.failed = 0;
    this.firstFailure = undefined;
  }

  /** Takes the next bytes; a line may be spread over several calls. */
  push(bytes: Buffer): void {
    // A result of 50 MB comes in hundreds of chunks: they are joined once.
    if (bytes.indexOf(newline) === -1) {
      this.#rest.push(bytes);
      return;
    }
    const chunk = this.#rest.length > 0 ? Buffer.concat([...this.#rest, bytes]) : bytes;
    this.#rest = [];
    let start = 0;
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
      if (chunk[start + kindAt] !== recordMark) this.#take(JSON.parse(chunk.toString('utf8', start, end)));
      else if (chunk[start + outcomeAt] !== failedMark) this.succeeded++;
      else {
        this.failed++;
        this.firstFailure ??= JSON.parse(chunk.toString('utf8', start, end));
      }
      start = end + 1;
    }
    if (start < chunk.length) this.#rest.push(chunk.subarray(start));
  }

  #take(event: SupervisorEvent): void {
    if (event.event === 'worker') this.#before += this.answered;
    else if (event.event === 'attempt') this.#attempts++;
    this.#onEvent(event);
  }
}
