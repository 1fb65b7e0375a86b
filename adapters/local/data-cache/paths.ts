/**
 * Where keys lie in a folder. Usual keys keep their path, so that code which looks at a file's name or extension sees
 * the right one. Others get a place of their own: keys that would leave the folder (`../x`, `/x`), that are no path
 * (`a//b`, `./a`), that no file can have as its name, or whose place is taken (`a` beside `a/b`; `A` beside `a`, where
 * the file system may not tell them apart).
 */
import { hash } from 'node:crypto';
import { dirname, join } from 'node:path';

/** Bytes; what file systems allow. */
const longestName = 255;
/** Of a name in a place of its own, in UTF-16 units: at most three bytes each. The end is kept: the extension. */
const keptOfName = 80;

export class Paths {
  /** Below it, usual keys have their path. */
  readonly usual: string;
  readonly #others: string;
  /** Which key has a path, and how many of them lie below a folder; paths as a careless file system sees them. */
  readonly #files = new Map<string, string>();
  readonly #folders = new Map<string, number>();

  constructor(folder: string) {
    this.usual = join(folder, 'files');
    this.#others = join(folder, 'others');
  }

  /** Claims a path for a key, until `give`. */
  take(key: string): string {
    if (!isUsual(key)) return this.other(key);
    const place = folded(key);
    const folders = foldersOf(place);
    const isTaken = this.#files.has(place) || this.#folders.has(place);
    if (isTaken || folders.some((folder) => this.#files.has(folder))) return this.other(key);
    this.#files.set(place, key);
    for (const folder of folders) this.#folders.set(folder, (this.#folders.get(folder) ?? 0) + 1);
    return join(this.usual, key);
  }

  /** Gives a key's path back. @returns folders in which nothing is left, deepest first */
  give(key: string): string[] {
    const place = folded(key);
    const empty = [dirname(this.other(key))];
    if (this.#files.get(place) !== key) return empty;
    this.#files.delete(place);
    for (const [depth, folder] of foldersOf(place).entries()) {
      const left = (this.#folders.get(folder) ?? 1) - 1;
      if (left > 0) this.#folders.set(folder, left);
      else {
        this.#folders.delete(folder);
        empty.unshift(join(this.usual, ...key.split('/').slice(0, depth + 1)));
      }
    }
    return empty;
  }

  /** A key's own place, whatever it is. */
  other(key: string): string {
    const name = key
      .slice(key.lastIndexOf('/') + 1)
      .replaceAll('\0', '')
      .slice(-keptOfName)
      .toWellFormed();
    const isName = name !== '' && name !== '.' && name !== '..';
    return join(this.#others, hash('sha256', key).slice(0, 32), isName ? name : 'file');
  }
}

function isUsual(key: string): boolean {
  return (
    !key.includes('\0') &&
    key
      .split('/')
      .every((step) => step !== '' && step !== '.' && step !== '..' && Buffer.byteLength(step) <= longestName)
  );
}

/** What file systems that ignore case or kinds of accents make of it. */
const folded = (key: string) => key.normalize('NFC').toLowerCase();

/** `a/b/c`: `a`, `a/b`. */
function foldersOf(place: string): string[] {
  const steps = place.split('/');
  return steps.slice(1).map((_, depth) => steps.slice(0, depth + 1).join('/'));
}
