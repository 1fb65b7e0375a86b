/** A run's own copy of the project: editing the project does not change a run that has begun. */
import { createHash } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { copyFile, mkdir, readdir, readlink, rename, rm, stat, symlink } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';

/** Larger files are linked, not copied, and known by size and time: models and tables, not code. */
const copiedBytes = 16 * 1024 * 1024;

const neverCode = new Set(['.gcd', '.git', '__pycache__', 'node_modules', '.ipynb_checkpoints', '.DS_Store']);

/** Never data, whatever the pattern says. */
const codeNames = /(\.(py|pyx|so|toml|cfg|ini|ya?ml)|\/requirements[^/]*\.txt|\/Dockerfile)$/;

interface Item {
  /** Path below the project. */
  path: string;
  kind: 'file' | 'large' | 'link' | 'data';
  digest: string;
}

export interface Project {
  /** Absolute path. */
  folder: string;
  /** Absolute path of the data folder: inside the project, beside it, or the project itself; null: it is elsewhere. */
  data: string | null;
  /** Whether a key in the data folder is a data file. */
  isDataFile: (key: string) => boolean;
}

/** SHA-256 over the project's files: equal when a run would see the same code. */
export async function projectDigest(project: Project): Promise<string> {
  return digestOf(await itemsOf(project));
}

/**
 * Copies the project into `<folder>/<digest>`, unless it is there already. The copy has a link where the
 * data folder lies (or where data files lie among the code), so that code which opens `data/x.csv` finds it.
 * @returns the digest and the copy's path
 */
export async function freeze(project: Project, folder: string): Promise<{ digest: string; path: string }> {
  const items = await itemsOf(project);
  const digest = digestOf(items);
  const path = join(folder, digest.slice(0, 16));
  if (await stat(path).catch(() => undefined)) return { digest, path };
  const temporary = `${path}.writing-${process.pid}`;
  await mkdir(temporary, { recursive: true });
  try {
    for (const item of items) {
      const from = join(project.folder, item.path);
      const to = join(temporary, item.path);
      await mkdir(dirname(to), { recursive: true });
      if (item.kind === 'file') await copyFile(from, to, constants.COPYFILE_FICLONE);
      else if (item.kind === 'link') await symlink(await linkTarget(from, project.folder), to);
      else await symlink(resolve(from), to);
    }
    await rename(temporary, path);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
  return { digest, path };
}

/** A link inside the project stays relative; one that leads out of it is made absolute. */
async function linkTarget(link: string, project: string): Promise<string> {
  const target = await readlink(link);
  const absolute = resolve(dirname(link), target);
  return relative(project, absolute).startsWith('..') ? absolute : target;
}

function digestOf(items: Item[]): string {
  const hash = createHash('sha256');
  for (const { path, kind, digest } of items) hash.update(JSON.stringify([path, kind, digest]));
  return hash.digest('hex');
}

async function itemsOf(project: Project, below = ''): Promise<Item[]> {
  const items: Item[] = [];
  const entries = await readdir(join(project.folder, below), { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(below, entry.name);
    const absolute = join(project.folder, path);
    if (neverCode.has(entry.name)) continue;
    if (absolute === project.data || (entry.isFile() && isData(project, absolute)))
      items.push({ path, kind: 'data', digest: '' });
    else if (entry.isSymbolicLink()) items.push({ path, kind: 'link', digest: await readlink(absolute) });
    else if (entry.isFile()) items.push(await fileItem(absolute, path));
    else if (entry.isDirectory() && !(await isOurs(absolute, below)))
      items.push(...(await itemsOf(project, path)));
  }
  return items;
}

/** Where the data folder is the project itself, its data files are told from code by the pattern and their names. */
function isData({ data, isDataFile }: Project, absolute: string): boolean {
  if (data === null) return false;
  const key = relative(data, absolute);
  return !key.startsWith('..') && !codeNames.test(absolute) && isDataFile(key);
}

async function fileItem(absolute: string, path: string): Promise<Item> {
  const { size, mtimeMs, mode } = await stat(absolute);
  if (size > copiedBytes) return { path, kind: 'large', digest: `${size} ${mtimeMs}` };
  const hash = createHash('sha256').update(`${mode & 0o111}\n`);
  for await (const chunk of createReadStream(absolute)) hash.update(chunk);
  return { path, kind: 'file', digest: hash.digest('hex') };
}

/** Virtual environments, and the folder that results go to, are no code. */
async function isOurs(folder: string, below: string): Promise<boolean> {
  const has = (name: string) =>
    stat(join(folder, name)).then(
      () => true,
      () => false,
    );
  if (await has('pyvenv.cfg')) return true;
  return below === '' && folder.endsWith('/results') && !(await has('__init__.py'));
}
