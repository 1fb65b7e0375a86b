/** The packaged stack on disk: two templates and the functions' zips, with keys by their content. */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NotFound } from '../../../core/errors/errors.ts';

interface Template {
  Resources: Record<string, { Type: string }>;
  Parameters?: Record<string, { Default?: string | number }>;
}

export interface StackPackage {
  /** Template of a stack with only the bucket for `files`. */
  first: string;
  /** Template of the complete stack, which names keys of `files`. */
  template: string;
  /** By key: the functions' zips and the template. */
  files: Map<string, Uint8Array>;
  templateKey: string;
  /** Numbers of resources by type, of the complete stack. */
  counts: Map<string, number>;
  /** Defaults of the template's parameters, by name. */
  defaults: Map<string, string>;
}

/**
 * Reads what scripts/package-stack.ts made. Equal files have equal keys, so that each is uploaded once, and templates differ
 * only in what was changed.
 * @throws NotFound
 */
export async function readPackage(folder: string): Promise<StackPackage> {
  const read = (name: string) =>
    readFile(join(folder, name)).catch((error) => {
      throw new NotFound(`the packaged stack is not there: ${error.message}`, {
        hint: 'Reinstall gcd-sfn; in a clone: node scripts/package-stack.ts dist/stack',
        cause: error,
      });
    });
  const first = (await read('cloudformation-template-create-stack.json')).toString();
  const packaged: Template = JSON.parse((await read('cloudformation-template-update-stack.json')).toString());
  const zips = (await readdir(folder)).filter((name) => name.endsWith('.zip'));
  const files = new Map<string, Uint8Array>();
  const keys = new Map<string, string>();
  for (const zip of zips) {
    const content = await read(zip);
    const key = `functions/${zip.slice(0, -'.zip'.length)}-${digest(content)}.zip`;
    keys.set(zip, key);
    files.set(key, content);
  }
  const template = JSON.stringify(withKeys(packaged, keys));
  const templateKey = `templates/${digest(template)}.json`;
  files.set(templateKey, Buffer.from(template));
  const counts = new Map<string, number>();
  for (const { Type } of Object.values(packaged.Resources)) counts.set(Type, (counts.get(Type) ?? 0) + 1);
  const defaults = new Map(
    Object.entries(packaged.Parameters ?? {}).map(([name, { Default = '' }]) => [name, String(Default)]),
  );
  return { first, template, files, templateKey, counts, defaults };
}

const digest = (content: string | Uint8Array): string =>
  createHash('sha256').update(content).digest('hex').slice(0, 32);

/** Replaces keys with the time of packaging by keys by content. */
function withKeys(value: unknown, keys: Map<string, string>): unknown {
  if (Array.isArray(value)) return value.map((one) => withKeys(one, keys));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inside]) => {
      if (name !== 'S3Key' || typeof inside !== 'string') return [name, withKeys(inside, keys)];
      const zip = inside.slice(inside.lastIndexOf('/') + 1);
      const key = keys.get(zip);
      if (!key) throw new NotFound(`the packaged stack has no ${zip}`, { hint: 'Reinstall gcd-sfn.' });
      return [name, key];
    }),
  );
}
