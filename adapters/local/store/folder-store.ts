/** A store in a folder: keys are relative paths. */
import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { link, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AccessDenied, AlreadyThere, NotFound, Unreachable } from '../../../core/errors/errors.ts';
import type { Body, Store, StoredObject } from '../../../core/store.ts';
import { diskFull, isDiskFull } from '../disk-full.ts';
import { linkOut } from '../project/outside-links.ts';
import { walk } from './list-folder.ts';
import { suggestFolder } from './suggest-folder.ts';

/** Begins the names of files that are being written, before the number of the process; such files are no objects. */
export const unfinished = '.gcd-writing-';

export interface FolderOptions {
  /** Whether listings skip a subfolder, by its absolute path. */
  isIgnored?: (path: string) => boolean;
  /** Mode of written files, reduced by the umask. */
  mode?: number;
  /** Whether listings include unreadable files, with the reason. */
  includeUnreadable?: boolean;
}

export class FolderStore implements Store {
  readonly location: string;

  readonly #isIgnored: (path: string) => boolean;
  readonly #mode: number;
  readonly #includeUnreadable: boolean;

  /** @param location absolute path of the folder; created by the first write */
  constructor(
    location: string,
    { isIgnored = () => false, mode = 0o666, includeUnreadable = false }: FolderOptions = {},
  ) {
    this.location = location;
    this.#isIgnored = isIgnored;
    this.#mode = mode;
    this.#includeUnreadable = includeUnreadable;
  }

  /** Path of the file of an object. @throws NotFound for a key that leads out of the folder. */
  path(key: string): string {
    const steps = key.split('/');
    if (
      key === '' ||
      key.includes('\0') ||
      steps.some((step) => step === '..' || step === '.' || step === '')
    )
      throw new NotFound(`'${key}' is not a key of ${this.location}`);
    return join(this.location, ...steps);
  }

  async *list(prefix: string, after?: string): AsyncIterable<StoredObject> {
    try {
      for await (const found of walk(this.location, { prefix, after, isIgnored: this.#isIgnored }))
        if (this.#includeUnreadable || found.why === undefined)
          if (!found.key.slice(found.key.lastIndexOf('/') + 1).startsWith(unfinished)) yield found;
    } catch (error) {
      const ours = translated(error, this.location);
      throw ours instanceof NotFound
        ? new NotFound(ours.message, { ...folderHint(this.location), cause: error })
        : ours;
    }
  }

  async *read(key: string, range: { start: number; end?: number } = { start: 0 }): AsyncIterable<Uint8Array> {
    if (range.end !== undefined && range.end <= range.start) return;
    const end = range.end === undefined ? undefined : range.end - 1;
    try {
      yield* createReadStream(this.path(key), { start: range.start, ...(end !== undefined && { end }) });
    } catch (error) {
      throw translated(error, key);
    }
  }

  async write(key: string, body: Body, options: { ifAbsent?: boolean } = {}): Promise<void> {
    const path = this.path(key);
    const temporary = join(dirname(path), `${unfinished}${process.pid}-${randomBytes(6).toString('hex')}`);
    const out = linkOut(this.location, dirname(path));
    if (out) throw new AccessDenied(`${out.link} is a link to ${out.target}, outside ${this.location}`);
    try {
      await mkdir(dirname(path), { recursive: true });
      await writeDurably(temporary, body, this.#mode);
      // link() refuses to replace, rename() replaces: both are atomic.
      if (options.ifAbsent) await link(temporary, path);
      else await rename(temporary, path);
    } catch (error) {
      throw translated(error, key);
    } finally {
      await rm(temporary, { force: true });
    }
  }

  async remove(key: string): Promise<void> {
    await rm(this.path(key), { force: true });
  }
}

async function writeDurably(path: string, body: Body, mode: number): Promise<void> {
  const file = await open(path, 'wx', mode);
  try {
    if (typeof body === 'string' || body instanceof Uint8Array) await file.writeFile(body);
    else for await (const chunk of body) await file.writeFile(chunk);
    await file.datasync();
  } finally {
    await file.close();
  }
}

function folderHint(location: string): { hint?: string } {
  try {
    const hint = suggestFolder(location);
    return hint === undefined ? {} : { hint };
  } catch {
    // Its parent folder cannot be read.
    return {};
  }
}

function translated(error: unknown, what: string): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP')
    return new NotFound(`${what} does not exist`, { cause: error });
  if (code === 'EEXIST') return new AlreadyThere(`${what} exists already`, { cause: error });
  if (code === 'EACCES' || code === 'EPERM')
    return new AccessDenied(`not allowed: ${what}: ${message}`, { cause: error });
  if (code !== undefined && isDiskFull(code))
    return new Unreachable(`${diskFull}: ${what} could not be written`, {
      hint: 'Free some space, then try again.',
      cause: error,
    });
  if (code !== undefined) return new Unreachable(`${what}: ${message}`, { cause: error });
  return error;
}
