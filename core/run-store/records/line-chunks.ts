/** Gathers lines into chunks of bytes, as a Store takes them. */

const chunkBytes = 256 * 1024;
/** A UTF-16 unit takes at most so many bytes in UTF-8. */
const bytesPerUnit = 3;

/**
 * Lines are written straight into bytes. Adding them up in a string would keep a million small strings alive until V8
 * moves them to its old space, whose garbage is collected late.
 */
export class LineChunks {
  #chunk = Buffer.allocUnsafe(chunkBytes);
  #used = 0;

  /** Adds a line; its newline is added here. @returns a full chunk, once there is one */
  add(line: string): Buffer | undefined {
    const most = line.length * bytesPerUnit + 1;
    const full = this.#used > 0 && this.#used + most > this.#chunk.length ? this.rest() : undefined;
    if (most > this.#chunk.length) this.#chunk = Buffer.allocUnsafe(most);
    this.#used += this.#chunk.write(line, this.#used);
    this.#chunk[this.#used++] = 0x0a;
    return full;
  }

  /** What has not been given yet; empty when there is nothing. */
  rest(): Buffer {
    const rest = this.#chunk.subarray(0, this.#used);
    this.#chunk = Buffer.allocUnsafe(chunkBytes);
    this.#used = 0;
    return rest;
  }
}
