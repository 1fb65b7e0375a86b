/** Files of the package besides its code. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

let root: string | undefined;

/** Absolute path of a file of the package, from the sources or from the bundle. */
export function assetPath(...steps: string[]): string {
  root ??= findRoot(dirname(fileURLToPath(import.meta.url)));
  return join(root, ...steps);
}

function findRoot(folder: string): string {
  if (existsSync(join(folder, 'state-machines', 'run.asl.yaml'))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error('the files of gcd-sfn are missing: reinstall it');
  return findRoot(parent);
}
