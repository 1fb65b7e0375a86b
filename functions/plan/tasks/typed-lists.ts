/** Growing lists of numbers and texts without an object per entry. */

/** A growing typed array. Reserves `maxBytes` of address space, which costs nothing until used. */
export class Numbers<Kind extends Float64Array | Uint32Array> {
  readonly #view: Kind;
  readonly #buffer: ArrayBuffer;
  #length = 0;

  constructor(kind: { new (buffer: ArrayBuffer): Kind; BYTES_PER_ELEMENT: number }) {
    this.#buffer = new ArrayBuffer(stepBytes, { maxByteLength: maxBytes });
    // Follows the buffer's length.
    this.#view = new kind(this.#buffer);
  }

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#view.length) this.#buffer.resize(this.#buffer.byteLength + stepBytes);
    this.#view[this.#length++] = value;
  }

  at(index: number): number {
    return this.#view[index] as number;
  }
}

const stepBytes = 1 << 20;
const maxBytes = 1 << 30;

/** A list of texts, kept as UTF-8. */
export class Texts {
  readonly #blocks: Buffer[] = [];
  #used = blockBytes;
  /** Offset of each text, over all blocks, and its length. */
  readonly #starts = new Numbers(Float64Array);
  readonly #lengths = new Numbers(Uint32Array);

  get length(): number {
    return this.#starts.length;
  }

  push(text: string): void {
    const bytes = Buffer.byteLength(text);
    if (this.#used + bytes > blockBytes) {
      this.#blocks.push(Buffer.allocUnsafe(Math.max(blockBytes, bytes)));
      this.#used = 0;
    }
    const block = this.#blocks.length - 1;
    this.#blocks[block]?.write(text, this.#used);
    this.#starts.push(block * blockBytes + this.#used);
    this.#lengths.push(bytes);
    this.#used += bytes;
  }

  at(index: number): string {
    const start = this.#starts.at(index);
    const inBlock = start % blockBytes;
    const block = this.#blocks[Math.floor(start / blockBytes)] as Buffer;
    return block.toString('utf8', inBlock, inBlock + this.#lengths.at(index));
  }

  /** Length of a text in bytes. */
  bytesAt(index: number): number {
    return this.#lengths.at(index);
  }
}

const blockBytes = 1 << 20;
