/** The JSON Schema with which editors complete and check config.yaml. */
import * as z from 'zod';
import { configSchema } from './schema.ts';

type Json = Record<string, unknown>;

/** JSON Schema (draft 7, which editors support) of config.yaml: values may be empty, except data_bucket. */
export function configJsonSchema(): Json {
  const schema = z.toJSONSchema(configSchema, {
    io: 'input',
    target: 'draft-7',
    override: widenText,
  }) as Json;
  return { ...schema, title: 'gcd-sfn config.yaml', properties: emptyAllowed(schema.properties as Json) };
}

/** A text may be written as a number (`python: 3.11`), in `env` and `tags` also as true and false. */
function widenText({ jsonSchema, path }: { jsonSchema: Json; path: (string | number)[] }): void {
  if (jsonSchema.type !== 'string' || path.at(-1) === 'propertyNames') return;
  jsonSchema.type =
    path.at(-1) === 'additionalProperties' ? ['string', 'number', 'boolean', 'null'] : ['string', 'number'];
}

function emptyAllowed(properties: Json): Json {
  const entries = Object.entries(properties).map(([key, value]) => {
    if (key === 'data_bucket') return [key, value];
    const { description, default: standard, properties: nested, ...rest } = value as Json;
    const checks = nested ? { ...rest, properties: emptyAllowed(nested as Json) } : rest;
    return [
      key,
      {
        description,
        ...(standard === undefined ? {} : { default: standard }),
        anyOf: [checks, { enum: [null, ''] }],
      },
    ];
  });
  return Object.fromEntries(entries);
}
