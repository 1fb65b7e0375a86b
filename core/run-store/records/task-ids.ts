/** Ids of tasks by index, in little memory: each is 16 characters. */

const width = 16;

export class Ids {
  readonly #bytes: Buffer;

  /** @param count indices from 0 on that it has room for */
  constructor(count: number) {
    this.#bytes = Buffer.alloc(count * width);
  }

  set(index: number, id: string): void {
    this.#bytes.fill(0, index * width, (index + 1) * width);
    this.#bytes.write(id, index * width, width, 'latin1');
  }

  /** Whether any id was set there. */
  knows(index: number): boolean {
    return this.#bytes[index * width] !== 0;
  }

  /** Whether this id was set there. */
  is(index: number, id: string): boolean {
    const from = index * width;
    for (let at = 0; at < width; at++) {
      const expected = at < id.length ? id.charCodeAt(at) & 0xff : 0;
      if (this.#bytes[from + at] !== expected) return false;
    }
    return true;
  }

  /** The same with room for more. */
  grown(count: number): Ids {
    const larger = new Ids(count);
    this.#bytes.copy(larger.#bytes);
    return larger;
  }
}
