/** How much the durations of tasks vary: what an estimate of the time left is made from. */
import type { Spread } from '../../../core/run-store/status/run-status.ts';

/** A clock does not tell shorter times apart. */
const leastSeconds = 1e-5;

/** Collects durations without keeping them: Welford's way. */
export class Spreads {
  #tasks = 0;
  #mean = 0;
  #squares = 0;

  /** So many tasks took so many seconds each, on average. */
  add(seconds: number, tasks: number): void {
    const value = Math.log(Math.max(seconds, leastSeconds));
    this.#tasks += tasks;
    const off = value - this.#mean;
    this.#mean += (off * tasks) / this.#tasks;
    this.#squares += tasks * off * (value - this.#mean);
  }

  get spread(): Spread {
    return { tasks: this.#tasks, deviation: this.#tasks > 1 ? Math.sqrt(this.#squares / this.#tasks) : 0 };
  }
}
