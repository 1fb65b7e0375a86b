/** Packages whose source is in the project: `.`, `-e ./lib`, `./lib[fast]`. */
import { createHash, type Hash } from 'node:crypto';
import { cp, readdir, readFile, stat } from 'node:fs/promises';
import { basename, join, relative, resolve } from 'node:path';
import { addFingerprint, isGenerated, isSource } from './fingerprint.ts';
import type { Entry } from './requirement.ts';

/** An entry for a local package. */
export type LocalEntry = Entry & { local: string };

/**
 * Whether an entry is installed on top of the base environment. A folder with a condition or options is installed like any
 * other requirement.
 */
export const isLocal = (entry: Entry): entry is LocalEntry =>
  entry.local !== undefined && /^(\s*\[[^\]]*\])?\s*$/.test(entry.text.slice(entry.local.length));

/** Files that declare the dependencies of a package. Files that they name are read, too. */
const metadata = /^(pyproject\.toml|setup\.(py|cfg)|.*requirements.*\.(txt|in))$/i;

/**
 * Adds a package's dependencies to a hash.
 * @param name name of the folder in the hash
 */
export async function addMetadata(hash: Hash, name: string, folder: string): Promise<void> {
  const files = (await readdir(folder)).filter((file) => metadata.test(file)).sort();
  for (const file of files) {
    const text = await readFile(join(folder, file), 'utf8').catch(() => '');
    hash.update(JSON.stringify([name, file, text]));
    if (/\.(txt|in)$/i.test(file)) continue;
    // dynamic = {dependencies = {file = "deps/base.txt"}}, open("deps/base.txt"), install_requires = file: deps/base.txt
    for (const [, quoted, bare] of text.matchAll(/["']([\w./-]+\.(?:txt|in))["']|file:\s*([\w./-]+)/g)) {
      const named = quoted ?? bare!;
      const content = await readFile(resolve(folder, named), 'utf8').catch(() => undefined);
      if (content !== undefined) hash.update(JSON.stringify([name, named, content]));
    }
  }
}

/** Files of the project folder that are read by a run, not by a build. */
const ofTheRun = new Set(['entrypoint.py', 'config.yaml', 'cluster.yaml', 'requirements.txt']);

/**
 * Adds the files that a package's build uses to a hash. For the project folder itself: its source files, and folders with
 * source files, but neither data nor results.
 */
export async function addContent(hash: Hash, folder: string, project: string): Promise<void> {
  const name = relative(project, folder);
  if (name !== '') return addFingerprint(hash, name, folder);
  for (const entry of (await readdir(folder, { withFileTypes: true })).sort((a, b) =>
    a.name < b.name ? -1 : 1,
  )) {
    const path = join(folder, entry.name);
    if (isGenerated(entry.name) || ofTheRun.has(entry.name)) continue;
    if (entry.isFile() && isSource(entry.name)) await addFingerprint(hash, entry.name, path);
    if (entry.isDirectory() && (await hasCode(path))) await addFingerprint(hash, entry.name, path);
  }
}

async function hasCode(folder: string): Promise<boolean> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries.some((entry) => entry.isFile() && /\.(pyi?|pyx|c|cc|cpp|f|f90|rs)$/.test(entry.name));
}

/** Copies a package for its build, which writes into the folder: the frozen project must not change. */
export async function copyForBuild(folder: string, to: string): Promise<void> {
  const skipped = /^(__pycache__|\.git|\.gcd|node_modules|build|dist|results|.*\.egg-info)$/;
  await cp(folder, to, {
    recursive: true,
    verbatimSymlinks: true,
    filter: async (path) =>
      path === folder ||
      (!skipped.test(basename(path)) && !(await stat(join(path, 'pyvenv.cfg')).catch(() => undefined))),
  });
}

/** Digest of the content of all of them. */
export async function contentOf(locals: LocalEntry[], project: string): Promise<string> {
  const hash = createHash('sha256');
  for (const { local } of locals) {
    hash.update(JSON.stringify([relative(project, local)]));
    await addContent(hash, local, project);
  }
  return hash.digest('hex');
}
