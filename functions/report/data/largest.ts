/** Keeps the largest of many, in the memory of those kept. */
export class Largest<Value> {
  readonly #most: number;
  readonly #kept: { size: number; value: Value }[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  /** `make` is only called for what is kept. Of two alike the earlier stays. */
  offer(size: number, make: () => Value): void {
    const kept = this.#kept;
    if (kept.length === this.#most && !(size > kept.at(-1)!.size)) return;
    const place = kept.findIndex((other) => size > other.size);
    kept.splice(place === -1 ? kept.length : place, 0, { size, value: make() });
    if (kept.length > this.#most) kept.pop();
  }

  /** Largest first. */
  values(): Value[] {
    return this.#kept.map(({ value }) => value);
  }
}
