/**
 * Writes core/config/schema/pod-schema.json, the fields of a pod template, from the types of the official client.
 * After an update of @kubernetes/client-node: `node scripts/pod-schema.ts`
 */
import { writeFileSync } from 'node:fs';
import * as client from '@kubernetes/client-node';

type Model = { getAttributeTypeMap?: () => { baseName: string; type: string }[] };
const models = client as unknown as Record<string, Model | undefined>;

/** Types by name, each with its fields and their types: all that a pod template consists of. */
export function podSchema(): Record<string, Record<string, string>> {
  const schema: Record<string, Record<string, string>> = {};
  const add = (type: string): void => {
    const name = /^Array<(.+)>$/.exec(type)?.[1] ?? /^\{ \[key: string\]: (.+); \}$/.exec(type)?.[1] ?? type;
    const fields = models[name]?.getAttributeTypeMap?.();
    if (!fields || schema[name]) return;
    schema[name] = Object.fromEntries(fields.map(({ baseName, type }) => [baseName, type]));
    for (const { type } of fields) add(type);
  };
  add('V1PodTemplateSpec');
  return schema;
}

/** One type a line. */
export const podSchemaText = (): string => {
  const lines = Object.entries(podSchema()).map(([name, fields]) => `"${name}": ${JSON.stringify(fields)}`);
  return `{\n${lines.sort().join(',\n')}\n}\n`;
};

if (import.meta.main)
  writeFileSync(new URL('../core/config/schema/pod-schema.json', import.meta.url), podSchemaText());
