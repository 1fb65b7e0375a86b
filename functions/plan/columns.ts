/** Which columns of a file become tasks. */

import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { AccessDenied, Throttled, Unreachable } from '../../ports/errors.ts';
import type { Store, StoredObject } from '../../ports/store.ts';
import { firstRecord } from './header.ts';
import { namesWith } from './keywords.ts';

const tables = /\.(csv|tsv|txt)(\.gz)?$/i;
/** Most headers fit in the first read; one of 3,000 columns needs a few. */
const firstRead = 64 * 1024;
/** A "header" longer than this is no header. */
const longest = 16 * 1024 * 1024;

/** What a file holds: named columns, none because it is no table, or a table that could not be read. */
export type Columns =
  | { kind: 'table'; names: string[] }
  | { kind: 'other' }
  | { kind: 'unreadable'; why: string; denied?: AccessDenied };

/** Reads a file's header, by range: never more than is needed. A file that is no table is not read at all. @throws Unreachable, Throttled */
export async function columnsOf(store: Store, { key, size }: StoredObject): Promise<Columns> {
  const table = tables.exec(key);
  if (!table) return { kind: 'other' };
  for (let bytes = firstRead; ; bytes *= 4) {
    try {
      const head = await (table[2] ? gunzipped(store, key, bytes) : plain(store, key, bytes));
      const complete = table[2] ? head.length < bytes : bytes >= size;
      const names = firstRecord(decode(head, complete), complete);
      if (names) return { kind: 'table', names: unique(names) };
    } catch (error) {
      // Not about this file: leaving it out would quietly process less than what was asked for.
      if (error instanceof Unreachable || error instanceof Throttled) throw error;
      const denied = error instanceof AccessDenied && { denied: error };
      return { kind: 'unreadable', why: (error as Error).message, ...denied };
    }
    if (bytes > longest) return { kind: 'unreadable', why: `its first line is longer than ${longest} bytes` };
  }
}

async function plain(store: Store, key: string, bytes: number): Promise<Buffer> {
  return collect(store.read(key, { start: 0, end: bytes }), bytes);
}

async function gunzipped(store: Store, key: string, bytes: number): Promise<Buffer> {
  const compressed = Readable.from(store.read(key));
  const gunzip = createGunzip();
  compressed.once('error', (error) => gunzip.destroy(error));
  try {
    return await collect(compressed.pipe(gunzip), bytes);
  } finally {
    compressed.destroy();
  }
}

async function collect(source: AsyncIterable<Uint8Array>, bytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of source) {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= bytes) break;
  }
  return Buffer.concat(chunks).subarray(0, bytes);
}

/** UTF-8, also with a byte order mark; Latin-1 where the bytes are no UTF-8. */
function decode(head: Buffer, complete: boolean): string {
  try {
    // With stream: true a character cut off at the end is left out instead of being an error.
    return new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: !complete });
  } catch {
    return head.toString('latin1');
  }
}

/** A name that stands twice is one column: a task is (file, column). Columns without a name cannot be asked for. */
function unique(names: string[]): string[] {
  return [...new Set(names)].filter((name) => name !== '');
}

/**
 * The names in which one of the keywords is found.
 * @param keywords regular expressions; null takes every column
 * @throws ConfigInvalid when one takes too long
 */
export function matching(names: string[], keywords: string[] | null): string[] {
  return keywords === null ? names : namesWith(keywords)(names);
}
