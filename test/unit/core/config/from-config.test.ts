import { expect, test } from '@jest/globals';
import { fromConfig } from '../../../../core/config/from-config.ts';
import { configSchema } from '../../../../core/config/schema/schema.ts';
import { normalise } from '../../../../core/config/to-config.ts';

const given = {
  data_bucket: 's3://pv-data/2022',
  process_column_keywords: ['Power'],
  table: { delimiter: 'semicolon' },
  notify: 'ada@example.org',
  task_timeout: 30,
};

test('every key of Config comes back under a key of config.yaml', () => {
  const config = normalise(configSchema.parse(given), Object.keys(given), '/p');
  const keys = fromConfig(config);
  for (const key of Object.keys(keys)) expect(Object.keys(configSchema.shape)).toContain(key);
  expect(keys).toMatchObject({
    data_bucket: 's3://pv-data/2022/',
    process_column_keywords: ['Power'],
    table: { delimiter: 'semicolon' },
    notify: 'ada@example.org',
    task_timeout: 30,
  });
});

test('what is damaged, or of another version, stays as it is', () => {
  expect(fromConfig({ dataBucket: 5, table: null, fileNames: 'x', notify: null, later: 1 })).toEqual({
    ...{ data_bucket: 5, table: null, filename: 'x', notify: null, later: 1 },
  });
});
