/** Column names and first line of data that planning finds in the sample tables. */
import { describe, expect, test } from '@jest/globals';
import { MemoryStore } from '../../../../../core/memory-store.ts';
import { columnsOf } from '../../../../../functions/plan/columns/read-columns.ts';
import { refusedTables, sampleTables, undescribedFiles } from '../../../../support/tables/sample-tables.ts';

async function found(key: string, body: string | Buffer) {
  const store = new MemoryStore();
  await store.write(key, body);
  for await (const object of store.list(key)) return columnsOf(store, object);
  throw new Error('not listed');
}

describe('the names of a file', () => {
  test.each(sampleTables)('$about', async ({ file, content, names, encoding = 'utf-8', ...expected }) => {
    const columns = await found(file, content);
    expect(columns).toMatchObject({ kind: 'table' });
    if (columns.kind !== 'table') return;
    const { header, data, delimiter } = columns.layout;
    expect({ header, data, delimiter }).toEqual({
      header: expected.header,
      data: expected.data,
      delimiter: expected.delimiter,
    });
    expect(columns.names).toEqual(names);
    expect(columns.layout.encoding).toBe(encoding);
  });

  test('each sample file is described in the cases.yaml of its folder', () => {
    expect(undescribedFiles()).toEqual([]);
    expect(sampleTables.length).toBeGreaterThan(100);
  });
});

test.each(refusedTables)('refused: $about', async ({ file, content, reason }) => {
  expect(await found(file, content)).toEqual({
    kind: 'unreadable',
    why: expect.stringMatching(new RegExp(reason)),
  });
});

test('one column of texts is told, in case something separates its cells', async () => {
  const columns = await found('a.csv', 'site^owner\nroof^me\nfield^you\n');
  expect(columns).toMatchObject({
    names: ['site^owner'],
    notes: [expect.stringMatching(/^it has one column/)],
  });
  const wanted = await found('a.csv', 'Power\n1\n2\n');
  expect(wanted).toMatchObject({ names: ['Power'], notes: [] });
});
