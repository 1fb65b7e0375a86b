/** Looks at what a supervisor writes, without parsing more than it must: this is the hot path. */
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

export class Scanner {
  succeeded = 0;
  failed = 0;
  /** The first failed record that came by. */
  firstFailure: (TaskRecord & { status: 'failed' }) | undefined;
  readonly #onEvent: (event: SupervisorEvent) => void;
  /** Pieces of a line whose end has not come yet. */
  #rest: Buffer[] = [];

  /** @param onEvent called for each event, in its place among the records */
  constructor(onEvent: (event: SupervisorEvent) => void) {
    this.#onEvent = onEvent;
  }

  /** Another supervisor writes: the torn line of the one before is dropped. */
  startStream(): void {
    this.#rest = [];
  }

  /** Counts anew. */
  reset(): void {
    this.succeeded = 0;
    this.failed = 0;
    this.firstFailure = undefined;
  }

  /** Takes the next bytes; a line may be spread over several calls. */
  push(bytes: Buffer): void {
    // A result of 50 MB comes in hundreds of pieces: put them together once.
    if (bytes.indexOf(newline) === -1) {
      this.#rest.push(bytes);
      return;
    }
    const chunk = this.#rest.length > 0 ? Buffer.concat([...this.#rest, bytes]) : bytes;
    this.#rest = [];
    let start = 0;
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
      if (chunk[start + kindAt] !== recordMark) this.#onEvent(JSON.parse(chunk.toString('utf8', start, end)));
      else if (chunk[start + outcomeAt] !== failedMark) this.succeeded++;
      else {
        this.failed++;
        this.firstFailure ??= JSON.parse(chunk.toString('utf8', start, end));
      }
      start = end + 1;
    }
    if (start < chunk.length) this.#rest.push(chunk.subarray(start));
  }
}
