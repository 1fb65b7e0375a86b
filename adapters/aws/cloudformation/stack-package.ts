/** The packaged stack on disk: two templates and the functions' zips, made to be found by their content. */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NotFound } from '../../../core/errors/errors.ts';

interface Template {
  Resources: Record<string, { Type: string }>;
  Parameters?: Record<string, { Default?: string | number }>;
}

export interface StackPackage {
  /** Of a stack with nothing but the bucket that the rest comes from. */
  first: string;
  /** Of the whole stack; its functions' code is named by the keys of `files`. */
  whole: string;
  /** What goes into that bucket, by key: the functions' zips and the template. */
  files: Map<string, Uint8Array>;
  templateKey: string;
  /** Numbers of resources by type, of the whole stack. */
  counts: Map<string, number>;
  /** Of the template's parameters, by their names. */
  defaults: Map<string, string>;
}

/**
 * Reads what scripts/package-stack.ts made. What is the same has the same key, so it is uploaded once, and a template
 * differs only where something was changed.
 * @throws NotFound
 */
export async function readPackage(folder: string): Promise<StackPackage> {
  const read = (name: string) =>
    readFile(join(folder, name)).catch((error) => {
      throw new NotFound(`the packaged stack is not there: ${error.message}`, {
        hint: 'Install gcd-sfn anew; in a clone: node scripts/package-stack.ts dist/stack',
        cause: error,
      });
    });
  const first = (await read('cloudformation-template-create-stack.json')).toString();
  const template: Template = JSON.parse((await read('cloudformation-template-update-stack.json')).toString());
  const zips = (await readdir(folder)).filter((name) => name.endsWith('.zip'));
  const files = new Map<string, Uint8Array>();
  const keys = new Map<string, string>();
  for (const zip of zips) {
    const content = await read(zip);
    const key = `functions/${zip.slice(0, -'.zip'.length)}-${digest(content)}.zip`;
    keys.set(zip, key);
    files.set(key, content);
  }
  const whole = JSON.stringify(withKeys(template, keys));
  const templateKey = `templates/${digest(whole)}.json`;
  files.set(templateKey, Buffer.from(whole));
  const counts = new Map<string, number>();
  for (const { Type } of Object.values(template.Resources)) counts.set(Type, (counts.get(Type) ?? 0) + 1);
  const defaults = new Map(
    Object.entries(template.Parameters ?? {}).map(([name, { Default = '' }]) => [name, String(Default)]),
  );
  return { first, whole, files, templateKey, counts, defaults };
}

const digest = (content: string | Uint8Array): string =>
  createHash('sha256').update(content).digest('hex').slice(0, 32);

/** Wherever the template names a zip by the time at which it was packaged, its key by content. */
function withKeys(value: unknown, keys: Map<string, string>): unknown {
  if (Array.isArray(value)) return value.map((one) => withKeys(one, keys));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inside]) => {
      if (name !== 'S3Key' || typeof inside !== 'string') return [name, withKeys(inside, keys)];
      const zip = inside.slice(inside.lastIndexOf('/') + 1);
      const key = keys.get(zip);
      if (!key) throw new NotFound(`the packaged stack has no ${zip}`, { hint: 'Install gcd-sfn anew.' });
      return [name, key];
    }),
  );
}
