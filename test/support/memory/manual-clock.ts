/** A clock that stands still until it is told to go on, for tests. */
import type { Clock } from '../../../ports/clock.ts';

export class ManualClock implements Clock {
  #now: number;

  /** @param now seconds since 1970 */
  constructor(now: number) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  advance(seconds: number): void {
    this.#now += seconds;
  }
}
