/**
 * Paths of data files on the disk. A key is its file's path below `namedFolder`, so that code which looks at a file's name
 * or extension sees the right one. Other keys get a path with their hash: keys that would leave the folder (`../x`, `/x`),
 * that are no path (`a//b`, `./a`), that no file can have as its name, or whose path is taken (`a` beside `a/b`; `A` beside
 * `a`, which the file system may not distinguish).
 */
import { hash } from 'node:crypto';
import { dirname, join } from 'node:path';

/** Bytes; what file systems allow. */
const maxNameBytes = 255;
/** Of the name in a path with a hash, in UTF-16 units of at most three bytes. The end is kept, with the extension. */
const keptOfName = 80;

export class FilePaths {
  /** Below it, a file has its key as its path. */
  readonly namedFolder: string;
  readonly #hashedFolder: string;
  /** The key of each path, and the number of keys below each folder; both folded. */
  readonly #files = new Map<string, string>();
  readonly #folders = new Map<string, number>();

  constructor(folder: string) {
    this.namedFolder = join(folder, 'files');
    this.#hashedFolder = join(folder, 'others');
  }

  /** Reserves a path for a key, until `release`. */
  take(key: string): string {
    if (!isPath(key)) return this.hashedPath(key);
    const place = folded(key);
    const folders = foldersOf(place);
    const isTaken = this.#files.has(place) || this.#folders.has(place);
    if (isTaken || folders.some((folder) => this.#files.has(folder))) return this.hashedPath(key);
    this.#files.set(place, key);
    for (const folder of folders) this.#folders.set(folder, (this.#folders.get(folder) ?? 0) + 1);
    return join(this.namedFolder, key);
  }

  /** @returns folders in which nothing is left, deepest first */
  release(key: string): string[] {
    const place = folded(key);
    const empty = [dirname(this.hashedPath(key))];
    if (this.#files.get(place) !== key) return empty;
    this.#files.delete(place);
    for (const [depth, folder] of foldersOf(place).entries()) {
      const left = (this.#folders.get(folder) ?? 1) - 1;
      if (left > 0) this.#folders.set(folder, left);
      else {
        this.#folders.delete(folder);
        empty.unshift(join(this.namedFolder, ...key.split('/').slice(0, depth + 1)));
      }
    }
    return empty;
  }

  /** The path with the key's hash. */
  hashedPath(key: string): string {
    const name = key
      .slice(key.lastIndexOf('/') + 1)
      .replaceAll('\0', '')
      .slice(-keptOfName)
      .toWellFormed();
    const isName = name !== '' && name !== '.' && name !== '..';
    return join(this.#hashedFolder, hash('sha256', key).slice(0, 32), isName ? name : 'file');
  }
}

function isPath(key: string): boolean {
  return (
    !key.includes('\0') &&
    key
      .split('/')
      .every(
        (step) => step !== '' && step !== '.' && step !== '..' && Buffer.byteLength(step) <= maxNameBytes,
      )
  );
}

/** What file systems that ignore case or kinds of accents make of it. */
const folded = (key: string) => key.normalize('NFC').toLowerCase();

/** `a/b/c`: `a`, `a/b`. */
function foldersOf(place: string): string[] {
  const steps = place.split('/');
  return steps.slice(1).map((_, depth) => steps.slice(0, depth + 1).join('/'));
}
