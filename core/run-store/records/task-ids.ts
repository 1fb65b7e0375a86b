/** Ids of tasks by index, 16 bytes each. */

const width = 16;

export class Ids {
  readonly #bytes: Buffer;

  /** @param count number of indices */
  constructor(count: number) {
    this.#bytes = Buffer.alloc(count * width);
  }

  set(index: number, id: string): void {
    this.#bytes.fill(0, index * width, (index + 1) * width);
    this.#bytes.write(id, index * width, width, 'latin1');
  }

  /** Whether an id is set at this index. */
  knows(index: number): boolean {
    return this.#bytes[index * width] !== 0;
  }

  /** Whether this id is set at this index. */
  is(index: number, id: string): boolean {
    const from = index * width;
    for (let at = 0; at < width; at++) {
      const expected = at < id.length ? id.charCodeAt(at) & 0xff : 0;
      if (this.#bytes[from + at] !== expected) return false;
    }
    return true;
  }

  /** A copy with more indices. */
  grown(count: number): Ids {
    const larger = new Ids(count);
    this.#bytes.copy(larger.#bytes);
    return larger;
  }
}
