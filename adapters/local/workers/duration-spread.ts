/** How much the durations of tasks vary: an input of the estimate of the time left. */
import type { Spread } from '../../../core/run-store/status/run-status.ts';

/** Resolution of the clock. */
const minSeconds = 1e-5;

/** Collects durations without keeping them (Welford's algorithm). */
export class DurationSpread {
  #tasks = 0;
  #mean = 0;
  #squares = 0;

  /** @param seconds of each of the tasks, on average */
  add(seconds: number, tasks: number): void {
    const value = Math.log(Math.max(seconds, minSeconds));
    this.#tasks += tasks;
    const off = value - this.#mean;
    this.#mean += (off * tasks) / this.#tasks;
    this.#squares += tasks * off * (value - this.#mean);
  }

  get spread(): Spread {
    return { tasks: this.#tasks, deviation: this.#tasks > 1 ? Math.sqrt(this.#squares / this.#tasks) : 0 };
  }
}
