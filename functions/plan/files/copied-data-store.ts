/** The store of data files that were copied from a folder, by their names in that folder. */
import { hash } from 'node:crypto';
import {
  type CopiedFile,
  type CopiedPlace,
  copiedObject,
  copyIsGone,
  listingKey,
} from '../../../core/bucket/copied-data.ts';
import { AccessDenied, NotFound, Unreachable } from '../../../core/errors/errors.ts';
import { readAll, type Store, type StoredObject } from '../../../core/store.ts';
import type { KeysOfData } from '../plan.ts';

export class CopiedData implements Store {
  readonly location: string;
  readonly keys: KeysOfData;
  readonly #bucket: Store;
  /** In order of their names' UTF-8 bytes. */
  readonly #files: CopiedFile[];
  readonly #digests: Map<string, string>;
  readonly #data: string;

  /**
   * @param bucket the stack's, from its root
   * @throws NotFound if the copied data was deleted; Unreachable if the listing is damaged
   */
  static async open(bucket: Store, place: CopiedPlace): Promise<CopiedData> {
    const key = listingKey(place);
    const text = await readAll(bucket, key).catch((error) => {
      if (error instanceof NotFound) throw copyIsGone(place, error);
      throw error;
    });
    if (hash('sha256', text) !== place.listing)
      throw new Unreachable(`${key} in the stack's bucket is damaged`, { hint: 'Start another run.' });
    const files = text.toString().split('\n').slice(0, -1);
    return new CopiedData(
      bucket,
      place.data,
      files.map((line) => JSON.parse(line)),
    );
  }

  private constructor(bucket: Store, data: string, files: CopiedFile[]) {
    this.location = `the copied folder in ${bucket.location}/${data}`;
    this.#bucket = bucket;
    this.#data = data;
    this.#files = files;
    this.#digests = new Map(files.flatMap((file) => ('digest' in file ? [[file.name, file.digest]] : [])));
    this.keys = {
      of: (name) => this.#key(name),
      extraBytes: Buffer.byteLength(copiedObject(data, '0'.repeat(64), '')),
    };
  }

  async *list(prefix: string, after?: string): AsyncIterable<StoredObject> {
    for (let index = this.#firstFrom(prefix, after); index < this.#files.length; index++) {
      const file = this.#files[index] as CopiedFile;
      if (!file.name.startsWith(prefix)) {
        if (isBefore(prefix, file.name)) return;
        continue;
      }
      yield 'digest' in file
        ? { key: file.name, size: file.size }
        : { key: file.name, size: 0, why: file.why };
    }
  }

  read(name: string, range?: { start: number; end?: number }): AsyncIterable<Uint8Array> {
    return this.#bucket.read(this.#key(name), range);
  }

  async write(name: string): Promise<void> {
    throw new AccessDenied(`${name}: copied data is read-only`);
  }

  async remove(name: string): Promise<void> {
    throw new AccessDenied(`${name}: copied data is read-only`);
  }

  /** @throws NotFound */
  #key(name: string): string {
    const digest = this.#digests.get(name);
    if (digest === undefined) throw new NotFound(`there is no ${name} in ${this.location}`);
    return copiedObject(this.#data, digest, name);
  }

  /** Index of the first file of a listing. */
  #firstFrom(prefix: string, after: string | undefined): number {
    let [low, high] = [0, this.#files.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const { name } = this.#files[middle] as CopiedFile;
      const isPassed = isBefore(name, prefix) || (after !== undefined && !isBefore(after, name));
      if (isPassed) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

const isBefore = (one: string, other: string) => Buffer.compare(Buffer.from(one), Buffer.from(other)) < 0;
