import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import Ajv from 'ajv';
import { parse } from 'yaml';
import type { $ZodTypes } from 'zod/v4/core';
import { configJsonSchema } from '../../../../core/config/schema/json-schema.ts';
import { configSchema } from '../../../../core/config/schema/schema.ts';
import { load, mistakesIn } from './folder.ts';

const page = await readFile(new URL('../../../../docs/config.md', import.meta.url), 'utf8');
const snippets = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map((match) => match[1]!);
const validate = new Ajv.default({ allowUnionTypes: true }).compile(configJsonSchema());

type Described = (typeof configSchema.shape)[keyof typeof configSchema.shape];

/** Key, default and meaning of a row of the tables. */
function row(key: string, schema: Described): string[] {
  const { def } = (schema as unknown as $ZodTypes)._zod;
  const standard = def.type === 'default' ? def.defaultValue : undefined;
  const shown = standard === undefined || typeof standard === 'object' ? '–' : `\`${standard}\``;
  return [`\`${key}\``, shown, schema.description!];
}

test('config: the reference has each key with its default and meaning, and no other', () => {
  const rows = [...page.matchAll(/^\| (`[^|]+`) \| [^|]+ \| ([^|]+) \| ([^|]+) \|$/gm)].map((match) =>
    match.slice(1),
  );
  const nested = (['filename', 'table'] as const).flatMap((key) =>
    Object.entries(configSchema.shape[key].unwrap().shape).map(
      ([name, schema]) => [`${key}.${name}`, schema] as const,
    ),
  );
  const expected = [
    ...Object.entries(configSchema.shape).map(([key, schema]) => row(key, schema)),
    ...nested.map(([key, schema]) => row(key, schema as unknown as Described)),
  ];
  expect(rows.sort()).toEqual(expected.sort());
});

test.each(snippets)(
  'config: an example of the reference holds for program and editor: %#',
  async (snippet) => {
    await expect(load(snippet)).resolves.toBeDefined();
    validate(parse(snippet));
    expect(validate.errors).toBeNull();
  },
);

test.each([
  'spot: true',
  'data_bucket: .\nmax_node: 3',
  'data_bucket: .\nmax_nodes: 0',
  'data_bucket: .\nmax_nodes: ten',
  'data_bucket: .\nfilename: {log_data: x}',
  'data_bucket: .\nfilename: {logs_data: a/b}',
  'data_bucket: .\nenv: {1A: x}',
  'data_bucket: a/b',
  'data_bucket: .\ntable: {header: 0}',
  'data_bucket: .\ntable: {header: first}',
  'data_bucket: .\ntable: {delimiter: x}',
  'data_bucket: .\ntable: {headers: 1}',
  'data_bucket: .\ntable: 3',
  'data_bucket:',
])('config: program and editor refuse alike: %j', async (source) => {
  expect(await mistakesIn(source)).toHaveLength(1);
  expect(validate(parse(source))).toBe(false);
});

test('config: the examples of mistakes in the reference are what is said', async () => {
  const shown = /```text\n([\s\S]*?)\n```/.exec(page)![1]!.split('\n');
  expect(await mistakesIn('data_bucket: .\n\nmax_node: 4\n\nmax_nodes: "ten"\n')).toEqual(shown);
});

test('config: each key has help in editors', () => {
  const properties = configJsonSchema().properties as Record<string, { description?: string }>;
  for (const [key, { description }] of Object.entries(properties))
    expect([key, description]).toEqual([key, expect.any(String)]);
});
