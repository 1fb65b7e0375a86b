/** What tells apart the files and folders that a requirements file refers to. */
import { createHash, type Hash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** Sources whose content matters; of anything else in a folder the size is enough. */
const source = /\.(py|pyi|pyx|pxd|toml|cfg|ini|in|txt|json|ya?ml|c|cc|cpp|h|hpp|f|f90|rs)$|^Makefile$/;
/** Made by building or running; of no influence. */
const made = /(^|\/)(\.[^/]*|__pycache__|node_modules|build|dist|results|[^/]*\.egg-info)(\/|$)/;
/** Whether a file's name, or a path, is that of something that building or running has made. */
export const isMade = (path: string): boolean => made.test(path);

export const isSource = (name: string): boolean => source.test(name);

/** Bytes up to which a source is read. */
const most = 1 << 20;

/**
 * Adds what a path holds to a hash, in an order that does not depend on the machine.
 * @param name by which it goes into the hash: absolute paths differ between copies of a project
 */
export async function addFingerprint(hash: Hash, name: string, path: string): Promise<void> {
  if (!(await stat(path)).isDirectory()) {
    hash.update(
      JSON.stringify([
        name,
        createHash('sha256')
          .update(await readFile(path))
          .digest('hex'),
      ]),
    );
    return;
  }
  const entries = await readdir(path, { withFileTypes: true, recursive: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => ({ path: join(entry.parentPath, entry.name), name: entry.name }))
    .map((file) => ({ ...file, key: relative(path, file.path) }))
    .filter(({ key }) => !made.test(key))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  for (const file of files) {
    const { size } = await stat(file.path);
    const content = source.test(file.name) && size <= most ? await readFile(file.path, 'utf8') : size;
    hash.update(JSON.stringify([name, file.key, content]));
  }
}
