/** Bytes that are appended, then read in any order: in memory, beyond a limit in a temporary file. */
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const blockBytes = 1024 * 1024;
/** Blocks in memory; later ones are in a file. */
const inMemory = 8;
/** Minimum read from the file: records of one data file are close together. */
const windowBytes = 8 * 1024;

export class Scratch implements Disposable {
  /** Full blocks in memory, in order. */
  readonly #blocks: Buffer[] = [];
  #last = Buffer.allocUnsafe(blockBytes);
  #used = 0;
  #written = 0;
  #folder: string | undefined;
  #file: number | undefined;
  /** The last read from the file, and its offset. Its memory is reused. */
  #window: { start: number; bytes: Buffer } = { start: 0, bytes: Buffer.alloc(0) };
  #windowMemory: Buffer | undefined;

  /** Number of bytes. */
  get length(): number {
    return this.#written + this.#used;
  }

  /** Appends bytes, at the previous length. */
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

  /** A range of bytes. The buffer of a short read is overwritten by the next read. */
  read(offset: number, length: number): Buffer {
    const parts: Buffer[] = [];
    for (let at = offset; at < offset + length; ) {
      const part = this.#at(at, offset + length - at);
      parts.push(part);
      at += part.length;
    }
    return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
  }

  /** All bytes, in order. */
  *chunks(): Generator<Buffer> {
    for (let at = 0; at < this.length; at += blockBytes)
      yield this.read(at, Math.min(blockBytes, this.length - at));
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

  /** At least one and at most `length` bytes from an offset on. */
  #at(place: number, length: number): Buffer {
    if (place >= this.#written)
      return this.#last.subarray(place - this.#written, place - this.#written + length);
    const block = this.#blocks[Math.floor(place / blockBytes)];
    if (block) return block.subarray(place % blockBytes, (place % blockBytes) + length);
    const { start, bytes } = this.#window;
    const wanted = Math.min(length, this.#written - place);
    if (place >= start && place + wanted <= start + bytes.length)
      return bytes.subarray(place - start, place - start + wanted);
    const end = Math.min(this.#written, place + Math.max(length, windowBytes));
    const read = this.#memoryOf(end - place);
    const inFile = place - inMemory * blockBytes;
    for (let done = 0; done < read.length; )
      done += readSync(this.#file as number, read, done, read.length - done, inFile + done);
    this.#window = { start: place, bytes: read };
    return read.subarray(0, wanted);
  }

  #memoryOf(length: number): Buffer {
    if (length > windowBytes) return Buffer.allocUnsafe(length);
    this.#windowMemory ??= Buffer.allocUnsafeSlow(windowBytes);
    return this.#windowMemory.subarray(0, length);
  }
}
