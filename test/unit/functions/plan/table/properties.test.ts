/** Tables of all kinds with things above them: the names that were written are the names that are found. */
import { gzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MemoryStore } from '../../../../../core/memory-store.ts';
import { columnsOf } from '../../../../../functions/plan/columns/read-columns.ts';
import { encodings, isMisleading, table, textOf } from '../../../../support/tables/arbitrary-tables.ts';

async function found(key: string, body: Buffer) {
  const store = new MemoryStore();
  await store.write(key, body);
  for await (const object of store.list(key)) return columnsOf(store, object);
  throw new Error('not listed');
}

test('names, lines, delimiter and encoding are found', async () => {
  const clear = table.filter((written) => !isMisleading(written, false));
  await fc.assert(
    fc.asyncProperty(clear, encodings, fc.boolean(), async (written, [encoding, encode], zipped) => {
      const { text, header, data } = textOf(written);
      const bytes = encode(text);
      const columns = await found(zipped ? 'a.csv.gz' : 'a.csv', zipped ? gzipSync(bytes) : bytes);
      expect(columns).toMatchObject({
        kind: 'table',
        names: written.names,
        layout: { header, data, delimiter: written.delimiter, encoding },
      });
    }),
    { numRuns: 1500 },
  );
});

test('rows without names above them are data, whatever stands above', async () => {
  const clear = table.filter((written) => !isMisleading(written, true) && !isMisleading(written, false));
  await fc.assert(
    fc.asyncProperty(clear, async (written) => {
      const lines = textOf(written).text.split(written.end);
      const above = written.above.length + (written.sep && written.delimiter !== ' ' ? 1 : 0);
      const bare = [...lines.slice(0, above), ...lines.slice(lines.length - 1 - written.rows.length)];
      const columns = await found('a.csv', Buffer.from(bare.join(written.end)));
      expect(columns).toMatchObject({
        kind: 'table',
        names: written.names.map((_, at) => `${at}`),
        layout: { header: null, data: above + 1 },
      });
    }),
    { numRuns: 500 },
  );
});

test('whatever stands in a file, an answer comes', async () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array)),
    fc
      .array(
        fc.constantFrom(
          'a',
          '1',
          ',',
          ';',
          '"',
          '\n',
          '\r',
          '#',
          ' ',
          '\t',
          '|',
          'é',
          'sep=;',
          '-',
          '2020-01-01',
        ),
        { maxLength: 60 },
      )
      .map((parts) => Buffer.from(parts.join(''))),
  );
  await fc.assert(
    fc.asyncProperty(bytes, fc.constantFrom('a.csv', 'a.txt', 'a.dat', 'a.tsv.gz'), async (body, key) => {
      const columns = await found(key, body);
      expect(['table', 'other', 'unreadable']).toContain(columns.kind);
      if (columns.kind === 'table') expect(new Set(columns.names).size).toBe(columns.names.length);
    }),
    { numRuns: 1500 },
  );
});
