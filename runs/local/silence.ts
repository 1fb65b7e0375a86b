/** Notices when nothing is heard any more of a run on another machine, whose process cannot be seen from here. */
import { hostname } from 'node:os';
import type { Owner } from '../../adapters/local/locks/owner-lock.ts';
import type { Live } from '../../core/run-store/status/live.ts';

/** Several times as long as its process is silent, and its file system may take to show it. */
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
    // Compared with what was said before, not with the time here: clocks differ.
    if (live?.at !== this.#said) {
      [this.#said, this.#heardAt, this.#notified] = [live?.at, performance.now(), false];
      return;
    }
    if (this.#notified || host === hostname() || performance.now() - this.#heardAt < silentMs) return;
    this.#notified = true;
    this.#onNotice(
      `warning: nothing was heard from process ${pid} on ${host} for a minute; whether it lives can be seen there only`,
    );
  }
}
