/** Packages whose source lies in the project: `.`, `-e ./lib`, `./lib[fast]`. */
import { createHash, type Hash } from 'node:crypto';
import { cp, readdir, readFile, stat } from 'node:fs/promises';
import { basename, join, relative, resolve } from 'node:path';
import { addFingerprint, isMade, isSource } from './fingerprint.ts';
import type { Entry } from './requirement.ts';

/** An entry that asks for a folder. */
export type LocalEntry = Entry & { local: string };

/**
 * Folders that are installed apart from what they need. One with a condition or with options is installed like any other
 * requirement, since it may not be wanted, or not be built as it is.
 */
export const isLocal = (entry: Entry): entry is LocalEntry =>
  entry.local !== undefined && /^(\s*\[[^\]]*\])?\s*$/.test(entry.text.slice(entry.local.length));

/** Files that say what a package needs; besides them, those that they name. */
const metadata = /^(pyproject\.toml|setup\.(py|cfg)|.*requirements.*\.(txt|in))$/i;

/**
 * Adds to a hash what decides on a package's dependencies.
 * @param name by which the folder goes into the hash
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

/** In a project's own folder: what the run reads, not a build. Python finds the modules beside it there, too. */
const ofTheRun = new Set(['entrypoint.py', 'config.yaml', 'cluster.yaml', 'requirements.txt']);

/**
 * Adds to a hash what a build of a package takes. Of the project's own folder these are the sources in it, and the folders in
 * which there is a source: neither data nor results are a package.
 */
export async function addContent(hash: Hash, folder: string, project: string): Promise<void> {
  const name = relative(project, folder);
  if (name !== '') return addFingerprint(hash, name, folder);
  for (const entry of (await readdir(folder, { withFileTypes: true })).sort((a, b) =>
    a.name < b.name ? -1 : 1,
  )) {
    const path = join(folder, entry.name);
    if (isMade(entry.name) || ofTheRun.has(entry.name)) continue;
    if (entry.isFile() && isSource(entry.name)) await addFingerprint(hash, entry.name, path);
    if (entry.isDirectory() && (await hasCode(path))) await addFingerprint(hash, entry.name, path);
  }
}

async function hasCode(folder: string): Promise<boolean> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries.some((entry) => entry.isFile() && /\.(pyi?|pyx|c|cc|cpp|f|f90|rs)$/.test(entry.name));
}

/** Copies a package's folder to where it can be built: builds write into it, and the frozen project must stay as it is. */
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
