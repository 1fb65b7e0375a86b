import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { loadConfig } from '../../../../core/config/load-config.ts';
import { configSchema } from '../../../../core/config/schema/schema.ts';
import { folderWith } from './folder.ts';

const keys = Object.keys(configSchema.shape);
const value = fc.oneof(
  fc.json().map((text) => JSON.parse(text)),
  fc.boolean(),
  fc.integer(),
  fc.string(),
);
const nearly = fc
  .dictionary(fc.oneof(fc.constantFrom(...keys), fc.string()), value)
  .map((config) => stringify({ data_bucket: '.', ...config }));
const pieces = fc.constantFrom(
  ...keys,
  ':',
  ': ',
  '\n',
  '  ',
  '\t',
  '- ',
  '&a ',
  '*a',
  '<<: ',
  '[',
  ']',
  '{',
  '}',
  '"',
  "'",
  '|',
  '>',
  '#',
  '!',
  '?',
  '~',
  '\\',
  '%',
  '---',
  '1',
  '.',
);
const text = fc
  .array(fc.oneof(pieces, fc.string({ maxLength: 5 })), { maxLength: 40 })
  .map((parts) => parts.join(''));

test('config: whatever the file holds, it is a configuration or a mistake that says where', async () => {
  const folder = await folderWith({});
  const bytes = fc.uint8Array({ maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(fc.oneof(nearly, text, bytes), async (source) => {
      await writeFile(join(folder, 'config.yaml'), source);
      const outcome = await loadConfig(folder).catch((error: Error) => error);
      if (outcome instanceof Error) {
        expect(outcome.name).toBe('ConfigInvalid');
        for (const line of outcome.message.split('\n')) {
          expect(line).toMatch(/^config\.yaml:[1-9]\d*:[1-9]\d*: [\s\S]+|^and \d+ more$/);
          expect(line).not.toMatch(/Invalid input: /);
        }
      } else {
        expect(JSON.parse(JSON.stringify(outcome))).toEqual(outcome);
      }
    }),
    { numRuns: 1500 },
  );
});
