/** Writes schema/config.schema.json from the checks of config.yaml, for editors. Part of the build: node scripts/schema.ts */
import { mkdirSync, writeFileSync } from 'node:fs';
import { configJsonSchema } from '../core/config/schema/json-schema.ts';

const folder = new URL('../schema/', import.meta.url);
mkdirSync(folder, { recursive: true });
writeFileSync(new URL('config.schema.json', folder), `${JSON.stringify(configJsonSchema(), null, 2)}\n`);
