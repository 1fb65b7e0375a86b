/** Warns when a run on another machine has not published its status for a while: its process cannot be checked from here. */
import { hostname } from 'node:os';
import type { Owner } from '../../adapters/local/locks/owner-lock.ts';
import type { Live } from '../../core/run-store/status/live.ts';

/** Several times the interval of the publisher plus the delay of a network file system. */
const silentMs = 60_000;

export class Silence {
  readonly #onNotice: (line: string) => void;
  #said: number | undefined;
  #heardAt = performance.now();
  #notified = false;

  constructor(onNotice: (line: string) => void) {
    this.#onNotice = onNotice;
  }

  observe({ host, pid }: Owner, live: Live | undefined): void {
    // Compared with the time published before, not with the clock here: clocks differ.
    if (live?.at !== this.#said) {
      [this.#said, this.#heardAt, this.#notified] = [live?.at, performance.now(), false];
      return;
    }
    if (this.#notified || host === hostname() || performance.now() - this.#heardAt < silentMs) return;
    this.#notified = true;
    this.#onNotice(
      `warning: process ${pid} on ${host} has not published its status for a minute; whether it still runs can be checked only there`,
    );
  }
}
