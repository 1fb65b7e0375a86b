/** Where names and data are found in files as this field has them. */
import { describe, expect, test } from '@jest/globals';
import { MemoryStore } from '../../../../adapters/memory/store.ts';
import { columnsOf } from '../../../../functions/plan/columns.ts';
import { tableFiles } from '../../../support/table-files.ts';

async function found(key: string, body: string | Buffer) {
  const store = new MemoryStore();
  await store.write(key, body);
  for await (const object of store.list(key)) return columnsOf(store, object);
  throw new Error('not listed');
}

describe('the names of a file', () => {
  test.each(tableFiles)('%s', async (_, key, body, { names, encoding = 'utf-8', ...expected }) => {
    const columns = await found(key, body);
    expect(columns).toMatchObject({ kind: 'table' });
    if (columns.kind !== 'table') return;
    const { header, data, delimiter } = columns.layout;
    expect({ header, data, delimiter }).toEqual(expected);
    expect(columns.names).toEqual(names);
    expect(columns.layout.encoding).toBe(encoding);
  });
});
