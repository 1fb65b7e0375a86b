/** Repeatable random numbers: the same run is imagined in the same ways each time. */
// Globals are slow to reach where modules run in a context of their own, as under test.
const { imul, log, sqrt } = Math;

export class Random {
  #state: number;
  #spare: number | undefined;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** In [0, 1): mulberry32. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** Normally distributed, mean 0, deviation 1: Marsaglia's polar method, which yields two at a time. */
  normal(): number {
    const spare = this.#spare;
    this.#spare = undefined;
    if (spare !== undefined) return spare;
    for (;;) {
      const x = 2 * this.next() - 1;
      const y = 2 * this.next() - 1;
      const square = x * x + y * y;
      if (square >= 1 || square === 0) continue;
      const factor = sqrt((-2 * log(square)) / square);
      this.#spare = y * factor;
      return x * factor;
    }
  }
}
