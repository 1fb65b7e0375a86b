/** What a frozen project is made of, as another machine needs it: nothing in it leads out of it. */
import { readdir, readFile, readlink, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { ProjectInvalid } from '../../../ports/errors.ts';
import { linkMode } from './links.ts';
import type { ZipEntry } from './zip.ts';

/** Made by running or by building; and what a run keeps. */
const never = new Set(['__pycache__', '.gcd', '.git', 'node_modules', '.ipynb_checkpoints', '.DS_Store']);

const fileMode = (mode: number) => (mode & 0o111 ? 0o100755 : 0o100644);

/** An entry of a text that is made here. */
export const textEntry = (path: string, text: string): ZipEntry => ({
  path,
  mode: 0o100644,
  content: async () => Buffer.from(text),
});

/**
 * The files of a folder, in order of their paths. Links inside it stay links; what a link that leads out of it leads to
 * is taken along, since that is not there on another machine.
 * @param folder absolute path
 * @param under path of the folder in the archive
 * @param isLeftOut paths in the folder that are not taken
 * @throws ProjectInvalid when a link leads nowhere
 */
export async function filesOf(
  folder: string,
  under: string,
  isLeftOut: (path: string) => boolean = () => false,
): Promise<ZipEntry[]> {
  const found: ZipEntry[] = [];
  await collect({ folder, isLeftOut, found }, folder, '', []);
  return found
    .map((entry) => ({ ...entry, path: `${under}/${entry.path}` }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

interface Walk {
  folder: string;
  isLeftOut: (path: string) => boolean;
  found: ZipEntry[];
}

/** @param outside folders outside the project that a link has led to: one may lead to itself */
async function collect(walk: Walk, from: string, below: string, outside: string[]): Promise<void> {
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const absolute = join(from, entry.name);
    const path = join(below, entry.name);
    if (never.has(entry.name) || walk.isLeftOut(path)) continue;
    if (entry.isDirectory()) await collect(walk, absolute, path, outside);
    else if (entry.isFile()) await addFile(walk, absolute, path);
    else if (entry.isSymbolicLink()) await addLink(walk, absolute, path, outside);
  }
}

async function addFile({ found }: Walk, absolute: string, path: string): Promise<void> {
  const { mode } = await stat(absolute);
  found.push({ path, mode: fileMode(mode), content: () => readFile(absolute) });
}

async function addLink(walk: Walk, absolute: string, path: string, outside: string[]): Promise<void> {
  const target = await readlink(absolute);
  const away = relative(walk.folder, resolve(dirname(absolute), target));
  if (!isAbsolute(target) && !away.startsWith('..') && outside.length === 0) {
    walk.found.push({ path, mode: linkMode, content: async () => Buffer.from(target) });
    return;
  }
  const there = await stat(absolute).catch(() => undefined);
  if (!there)
    throw new ProjectInvalid(`${path} is a link to ${target}, which is not there`, {
      mend: 'Remove the link, or make what it leads to: it is taken along to the cluster.',
    });
  if (there.isFile()) return addFile(walk, absolute, path);
  const real = resolve(dirname(absolute), target);
  if (there.isDirectory() && !outside.includes(real)) await collect(walk, absolute, path, [...outside, real]);
}
