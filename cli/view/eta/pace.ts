/** When how many tasks were done: what was seen of a run, in little memory. */
const mostKept = 256;

export interface Seen {
  /** Seconds since the beginning. */
  at: number;
  done: number;
}

export class Pace {
  #seen: Seen[] = [];
  /** Only one in so many changes is kept. */
  #every = 1;
  #changes = 0;
  /** The last time when more tasks were done than before. */
  last: Seen = { at: 0, done: 0 };

  add(at: number, done: number): void {
    if (done <= this.last.done) return;
    this.last = { at, done };
    if (this.#changes++ % this.#every !== 0) return;
    this.#seen.push(this.last);
    if (this.#seen.length <= mostKept) return;
    this.#seen = this.#seen.filter((_, index) => index % 2 === 0);
    this.#every *= 2;
  }

  /** Moments between which about equally many tasks ended; the beginning and the last change left out. */
  moments(count: number): Seen[] {
    const moments: Seen[] = [];
    let next = 0;
    for (let n = 1; n < count; n++) {
      const wanted = (this.last.done * n) / count;
      while (next < this.#seen.length && (this.#seen[next] as Seen).done < wanted) next++;
      const seen = this.#seen[next];
      if (seen && seen.done < this.last.done && seen !== moments.at(-1)) moments.push(seen);
    }
    return moments;
  }
}
