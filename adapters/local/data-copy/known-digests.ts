/** A cache of digests, so that unchanged data files are not read again. */
import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { replaceFile } from '../replace-file.ts';
import { isSame, type Stamp } from './digest-file.ts';

type Line = [
  path: string,
  size: number,
  modified: string,
  changed: string,
  inode: string,
  device: string,
  digest: string,
];

/** Minimum age in nanoseconds of a cached file: file system clocks are coarse, so a second write may have the same time. */
const minAge = 2_000_000_000n;
/** Number of outdated lines above which the file is rewritten. */
const maxStale = 10_000;

const lineOf = (path: string, { size, modified, changed, inode, device }: Stamp, digest: string): string => {
  const line: Line = [path, size, `${modified}`, `${changed}`, `${inode}`, `${device}`, digest];
  return `${JSON.stringify(line)}\n`;
};

export class KnownDigests {
  readonly #file: string | null;
  readonly #known = new Map<string, { stamp: Stamp; digest: string }>();
  readonly #now: () => number;
  #isKept = true;

  /**
   * @param file cache file; null: cache in memory only. A file that cannot be read or written is ignored
   * @param now milliseconds since 1970
   */
  constructor(file: string | null, now: () => number = Date.now) {
    this.#file = file;
    this.#now = now;
    let lines = 0;
    for (const line of (file === null ? '' : textOf(file)).split('\n')) {
      if (line === '') continue;
      lines++;
      this.#take(line);
    }
    if (lines > this.#known.size + maxStale) this.#rewrite();
  }

  /** Undefined if the file is unknown or was modified. @param path absolute */
  of(path: string, stamp: Stamp): string | undefined {
    const known = this.#known.get(path);
    return known && isSame(known.stamp, stamp) ? known.digest : undefined;
  }

  /** Ignores a file that was modified just now: its next modification might have the same times. */
  add(path: string, stamp: Stamp, digest: string): void {
    const now = BigInt(Math.floor(this.#now())) * 1_000_000n;
    if (now - stamp.changed < minAge || now - stamp.modified < minAge) return;
    this.#known.set(path, { stamp, digest });
    if (!this.#isKept) return;
    this.#keep((file) => {
      mkdirSync(dirname(file), { recursive: true });
      appendFileSync(file, lineOf(path, stamp, digest), { mode: 0o600 });
    });
  }

  /** Skips an invalid line, e.g. after a kill while it was written. */
  #take(line: string): void {
    try {
      const [path, size, modified, changed, inode, device, digest] = JSON.parse(line) as Line;
      if (typeof path !== 'string' || !/^[0-9a-f]{64}$/.test(digest)) return;
      const times = { modified: BigInt(modified), changed: BigInt(changed) };
      this.#known.set(path, {
        stamp: { size, ...times, inode: BigInt(inode), device: BigInt(device) },
        digest,
      });
    } catch {
      return;
    }
  }

  #rewrite(): void {
    this.#keep((file) => {
      const lines = [...this.#known].map(([path, { stamp, digest }]) => lineOf(path, stamp, digest));
      replaceFile(file, lines.join(''), 0o600);
    });
  }

  #keep(write: (file: string) => void): void {
    try {
      if (this.#file !== null) write(this.#file);
    } catch {
      this.#isKept = false;
    }
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
