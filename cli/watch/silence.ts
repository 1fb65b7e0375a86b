/** Notices when nothing is heard any more of a run on another machine, whose process cannot be looked at from here. */
import { hostname } from 'node:os';
import type { Owner } from '../../adapters/local/runs/lock.ts';
import type { Live } from '../../ports/live.ts';
import { color } from '../view/color.ts';

/** Several times as long as its process is silent, and its file system may take to show it. */
const patienceMs = 60_000;

export class Silence {
  readonly #print: (line: string) => void;
  #said: number | undefined;
  #heardAt = performance.now();
  #told = false;

  constructor(print: (line: string) => void) {
    this.#print = print;
  }

  look({ host, pid }: Owner, live: Live | undefined): void {
    // Compared with what was said before, not with the time here: clocks differ.
    if (live?.at !== this.#said) {
      [this.#said, this.#heardAt, this.#told] = [live?.at, performance.now(), false];
      return;
    }
    if (this.#told || host === hostname() || performance.now() - this.#heardAt < patienceMs) return;
    this.#told = true;
    this.#print(
      `${color.yellow('warning:')} nothing was heard from process ${pid} on ${host} for a minute; whether it lives can be seen there only`,
    );
  }
}
