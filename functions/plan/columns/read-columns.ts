/** Which columns of a file become tasks. */

import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { AccessDenied, Throttled, Unreachable } from '../../../core/errors/errors.ts';
import {
  defaultTable,
  type ReadCsv,
  type TableLayout,
  type TableSettings,
} from '../../../core/run-store/plan/table-layout.ts';
import type { Store, StoredObject } from '../../../core/store.ts';
import { decode } from '../table/encoding.ts';
import { findTable } from '../table/find-table.ts';
import { notATable } from '../table/not-a-table.ts';

/** Loggers call many things .dat: such a file is a table only when it looks like one. */
const tables = /\.(csv|tsv|txt|(dat))(\.gz)?$/i;
/** Most headers fit in the first read; one of 3,000 columns needs a few. */
const firstRead = 64 * 1024;
/** A "header" longer than this is no header. */
const longest = 16 * 1024 * 1024;
/** What stands before a table is not looked through any further. */
const longestPreamble = 1024 * 1024;

/** What a file holds: named columns, none because it is no table, or a table that could not be read. */
export type Columns =
  | { kind: 'table'; names: string[]; layout: TableLayout; reading: ReadCsv; why: string; notes: string[] }
  | { kind: 'other' }
  | { kind: 'unreadable'; why: string; denied?: AccessDenied };

/** Reads a file's header, by range: never more than is needed. A file that is no table is not read at all. @throws Unreachable, Throttled */
export async function columnsOf(
  store: Store,
  { key, size }: StoredObject,
  settings: TableSettings = defaultTable,
): Promise<Columns> {
  const [isNamed, , mayBeOther, isZipped] = tables.exec(key) ?? [];
  if (isNamed === undefined) return { kind: 'other' };
  const other = { kind: 'other' } as const;
  for (let bytes = firstRead; ; bytes *= 4) {
    let head: Buffer;
    try {
      head = await (isZipped ? gunzipped(store, key, bytes) : plain(store, key, bytes));
    } catch (error) {
      // Not about this file: leaving it out would quietly process less than what was asked for.
      if (error instanceof Unreachable || error instanceof Throttled) throw error;
      const denied = error instanceof AccessDenied && { denied: error };
      return { kind: 'unreadable', why: (error as Error).message, ...denied };
    }
    const complete = isZipped ? head.length < bytes : bytes >= size;
    const stranger = notATable(head);
    if (stranger !== undefined) return mayBeOther ? other : { kind: 'unreadable', why: stranger };
    const decoded = decode(head, settings.encoding);
    if (decoded.isBinary)
      return mayBeOther
        ? other
        : { kind: 'unreadable', why: 'it is not text: there are bytes of zero in it' };
    const found = findTable(decoded, settings, complete);
    switch (found.kind) {
      case 'table': {
        if (mayBeOther && !found.isSure) return other;
        const { names, layout, why, notes } = found;
        const reading = isZipped ? zipped(found.reading) : found.reading;
        return { kind: 'table', names, layout, reading, why, notes };
      }
      case 'empty':
        return mayBeOther ? other : { kind: 'unreadable', why: 'it is empty' };
      case 'unclear':
        // Perhaps a longer look tells.
        if (!complete && bytes < longestPreamble) continue;
        return mayBeOther ? other : { kind: 'unreadable', why: `${found.why}: ${remedy}` };
      case 'more':
        if (bytes > longest)
          return { kind: 'unreadable', why: `its first line is longer than ${longest} bytes` };
    }
  }
}

/** The copy that a task gets may have another name. */
const zipped = (reading: ReadCsv): ReadCsv => ({ ...reading, compression: 'gzip' });

const remedy = 'say in config.yaml where its names are, with `table:`';

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
  // A small file comes in one piece.
  const [only] = chunks;
  const all =
    chunks.length === 1 && only
      ? Buffer.from(only.buffer, only.byteOffset, only.byteLength)
      : Buffer.concat(chunks);
  return all.subarray(0, bytes);
}
