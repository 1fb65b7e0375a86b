/** Reads the column names of a file. */

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

/** Loggers use .dat for many formats: such a file is a table only if it looks like one. */
const tables = /\.(csv|tsv|txt|(dat))(\.gz)?$/i;
/** Most headers fit in the first read; one of 3,000 columns needs a few. */
const firstRead = 64 * 1024;
/** Maximum length of a header. */
const maxHeader = 16 * 1024 * 1024;
/** Maximum length of a preamble before the table. */
const maxPreamble = 1024 * 1024;

/** Content of a file: named columns, no table, or a table that cannot be read. */
export type Columns =
  | { kind: 'table'; names: string[]; layout: TableLayout; reading: ReadCsv; why: string; notes: string[] }
  | { kind: 'other' }
  | { kind: 'unreadable'; why: string; denied?: AccessDenied };

/** Reads a file's header in growing ranges. Files whose name is not that of a table are not read. @throws Unreachable, Throttled */
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
      // Not specific to this file: skipping it would silently process less than requested.
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
        // More of the file may tell.
        if (!complete && bytes < maxPreamble) continue;
        return mayBeOther ? other : { kind: 'unreadable', why: `${found.why}: ${remedy}` };
      case 'more':
        if (bytes > maxHeader)
          return { kind: 'unreadable', why: `its first line is longer than ${maxHeader} bytes` };
    }
  }
}

/** Explicit, since the task's copy of the file may have another extension. */
const zipped = (reading: ReadCsv): ReadCsv => ({ ...reading, compression: 'gzip' });

const remedy = 'set `table:` in config.yaml';

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
  // A small file comes in one chunk.
  const [only] = chunks;
  const all =
    chunks.length === 1 && only
      ? Buffer.from(only.buffer, only.byteOffset, only.byteLength)
      : Buffer.concat(chunks);
  return all.subarray(0, bytes);
}
