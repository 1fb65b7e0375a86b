/** The files of a project that are code: what a run sees of it, apart from its data. */
import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { createReadStream, type Dirent } from 'node:fs';
import { readdir, readlink, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { withEscapes } from '../store/list-folder.ts';

/** Larger files are linked, not copied, and known by size and time: models and tables, not code. */
const copiedBytes = 16 * 1024 * 1024;

const neverCode = new Set(['.gcd', '.git', '__pycache__', 'node_modules', '.ipynb_checkpoints', '.DS_Store']);

/** Never data, whatever the pattern says. */
const codeNames = /(\.(py|pyx|so|toml|cfg|ini|ya?ml)|\/requirements[^/]*\.txt|\/Dockerfile)$/;

/** A file of the project, as a digest sees it. */
export interface Item {
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
  /** Gets the paths of what is left out because it cannot be read, or has no name in UTF-8. */
  leftOut?: string[];
}

/**
 * In order of their names, folder by folder. What cannot be read, or has no name in UTF-8, is left out: a folder that only
 * the machine's administrator may open is no reason not to run.
 */
export async function itemsOf(project: Project, below = ''): Promise<Item[]> {
  const items: Item[] = [];
  const entries = await readdir(join(project.folder, below), { withFileTypes: true, encoding: 'buffer' });
  const named = entries.filter(({ name }) => isUtf8(name)).map((entry) => ({ entry, name: `${entry.name}` }));
  for (const { name } of entries) if (!isUtf8(name)) project.leftOut?.push(join(below, withEscapes(name)));
  for (const { entry, name } of named.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(below, name);
    const absolute = join(project.folder, path);
    if (neverCode.has(name)) continue;
    if (absolute === project.data || (entry.isFile() && isData(project, absolute)))
      items.push({ path, kind: 'data', digest: '' });
    else
      items.push(
        ...(await itemsAt(project, { entry, path, absolute, below }).catch(
          noneWhenUnreadable(path, project),
        )),
      );
  }
  return items;
}

interface Place {
  entry: Dirent<Buffer>;
  path: string;
  absolute: string;
  below: string;
}

async function itemsAt(project: Project, { entry, path, absolute, below }: Place): Promise<Item[]> {
  if (entry.isSymbolicLink()) return [{ path, kind: 'link', digest: await readlink(absolute) }];
  if (entry.isFile()) return [await fileItem(absolute, path)];
  if (!entry.isDirectory() || (await isOurs(absolute, below))) return [];
  return itemsOf(project, path);
}

const noneWhenUnreadable =
  (path: string, { leftOut }: Project) =>
  (error: NodeJS.ErrnoException): Item[] => {
    if (!['ENOENT', 'EACCES', 'EPERM'].includes(error.code ?? '')) throw error;
    leftOut?.push(path);
    return [];
  };

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
