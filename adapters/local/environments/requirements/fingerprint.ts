/** Fingerprints of the files and folders that a requirements file refers to. */
import { createHash, type Hash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** Source files, hashed by content; other files in a folder by size. */
const source = /\.(py|pyi|pyx|pxd|toml|cfg|ini|in|txt|json|ya?ml|c|cc|cpp|h|hpp|f|f90|rs)$|^Makefile$/;
/** Files and folders that builds and runs create; ignored. */
const generated = /(^|\/)(\.[^/]*|__pycache__|node_modules|build|dist|results|[^/]*\.egg-info)(\/|$)/;
/** Whether builds or runs create a file with this name or path. */
export const isGenerated = (path: string): boolean => generated.test(path);

export const isSource = (name: string): boolean => source.test(name);

/** Maximum size in bytes of a source file that is hashed by content. */
const maxHashedBytes = 1 << 20;

/**
 * Adds a file or folder to a hash, in the same order on every machine.
 * @param name its name in the hash: absolute paths differ between copies of a project
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
    .filter(({ key }) => !generated.test(key))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  for (const file of files) {
    const { size } = await stat(file.path);
    const content =
      source.test(file.name) && size <= maxHashedBytes ? await readFile(file.path, 'utf8') : size;
    hash.update(JSON.stringify([name, file.key, content]));
  }
}
