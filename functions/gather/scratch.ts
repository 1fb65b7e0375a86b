/** Bytes that are written once in some order and read back in another: in memory, and beyond a limit in a file. */
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const blockBytes = 1024 * 1024;
/** Kept in memory; what comes after lies in a file. */
const inMemory = 24;

export class Scratch implements Disposable {
  /** Full blocks that stayed in memory, in order. */
  readonly #blocks: Buffer[] = [];
  #last = Buffer.allocUnsafe(blockBytes);
  #used = 0;
  #written = 0;
  #folder: string | undefined;
  #file: number | undefined;
  #cache = { block: -1, bytes: Buffer.alloc(0) };

  /** Bytes so far. */
  get length(): number {
    return this.#written + this.#used;
  }

  /** Appends bytes; they begin at the length that it had before. */
  append(bytes: Uint8Array): void {
    for (let from = 0; from < bytes.length; ) {
      const part = Math.min(bytes.length - from, blockBytes - this.#used);
      this.#last.set(bytes.subarray(from, from + part), this.#used);
      this.#used += part;
      from += part;
      if (this.#used === blockBytes) this.#finishBlock();
    }
  }

  /** Appends text as UTF-8. */
  appendText(text: string): void {
    // A character takes up to three bytes per UTF-16 unit.
    if (text.length * 3 >= blockBytes - this.#used) this.append(Buffer.from(text));
    else this.#used += this.#last.write(text, this.#used);
  }

  read(offset: number, length: number): Buffer {
    const block = Math.floor(offset / blockBytes);
    const start = offset - block * blockBytes;
    if (start + length <= blockBytes) return this.#block(block).subarray(start, start + length);
    const parts: Buffer[] = [];
    for (let at = offset; at < offset + length; ) {
      const inBlock = at % blockBytes;
      const part = this.#block(Math.floor(at / blockBytes)).subarray(inBlock, inBlock + offset + length - at);
      parts.push(part);
      at += part.length;
    }
    return Buffer.concat(parts);
  }

  /** All bytes, in order. */
  *chunks(): Generator<Buffer> {
    for (let block = 0; block * blockBytes < this.#written; block++) yield this.#block(block);
    if (this.#used > 0) yield this.#last.subarray(0, this.#used);
  }

  [Symbol.dispose](): void {
    if (this.#file !== undefined) closeSync(this.#file);
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true });
  }

  #finishBlock(): void {
    if (this.#blocks.length < inMemory) {
      this.#blocks.push(this.#last);
      this.#last = Buffer.allocUnsafe(blockBytes);
    } else {
      if (this.#file === undefined) {
        this.#folder = mkdtempSync(join(tmpdir(), 'gcd-gather-'));
        this.#file = openSync(join(this.#folder, 'scratch'), 'wx+', 0o600);
      }
      const at = this.#written - inMemory * blockBytes;
      for (let done = 0; done < blockBytes; )
        done += writeSync(this.#file, this.#last, done, blockBytes - done, at + done);
    }
    this.#written += blockBytes;
    this.#used = 0;
  }

  #block(block: number): Buffer {
    if (block * blockBytes === this.#written) return this.#last.subarray(0, this.#used);
    const inMemoryBlock = this.#blocks[block];
    if (inMemoryBlock) return inMemoryBlock;
    if (this.#cache.block !== block) {
      const bytes = Buffer.allocUnsafe(blockBytes);
      readSync(this.#file as number, bytes, 0, blockBytes, (block - inMemory) * blockBytes);
      this.#cache = { block, bytes };
    }
    return this.#cache.bytes;
  }
}
