/** Where names and data are found in files as this field has them. */
import { describe, expect, test } from '@jest/globals';
import { MemoryStore } from '../../../../core/memory-store.ts';
import { columnsOf } from '../../../../functions/plan/columns/read-columns.ts';
import { leftOutFiles, moreTableFiles } from '../../../support/more-table-files.ts';
import { tableFiles } from '../../../support/table-files.ts';

async function found(key: string, body: string | Buffer) {
  const store = new MemoryStore();
  await store.write(key, body);
  for await (const object of store.list(key)) return columnsOf(store, object);
  throw new Error('not listed');
}

describe('the names of a file', () => {
  test.each([...tableFiles, ...moreTableFiles])(
    '%s',
    async (_, key, body, { names, encoding = 'utf-8', ...expected }) => {
      const columns = await found(key, body);
      expect(columns).toMatchObject({ kind: 'table' });
      if (columns.kind !== 'table') return;
      const { header, data, delimiter } = columns.layout;
      expect({ header, data, delimiter }).toEqual(expected);
      expect(columns.names).toEqual(names);
      expect(columns.layout.encoding).toBe(encoding);
    },
  );
});

test.each(leftOutFiles)('left out: %s', async (_, key, body, why) => {
  expect(await found(key, body)).toEqual({ kind: 'unreadable', why: expect.stringMatching(why) });
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
