/** Lists the files of a project, and separates code from data. */
import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { createReadStream, type Dirent } from 'node:fs';
import { readdir, readlink, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { withEscapes } from '../store/list-folder.ts';

/** Larger files, such as models and tables, are linked, not copied, and compared by size and time. */
const maxCopiedBytes = 16 * 1024 * 1024;

const neverCode = new Set(['.gcd', '.git', '__pycache__', 'node_modules', '.ipynb_checkpoints', '.DS_Store']);

/** Never data, whatever the pattern says. */
const codeNames = /(\.(py|pyx|so|toml|cfg|ini|ya?ml)|\/requirements[^/]*\.txt|\/Dockerfile)$/;

/** A file of the project with its digest. */
export interface Item {
  /** Path relative to the project. */
  path: string;
  kind: 'file' | 'large' | 'link' | 'data';
  digest: string;
}

export interface Project {
  /** Absolute path. */
  folder: string;
  /** Absolute path of the data folder, which may be the project itself; null for data in a bucket. */
  data: string | null;
  /** Whether a path relative to the data folder is a data file. */
  isDataFile: (key: string) => boolean;
  /** Receives the paths of files that cannot be read, or whose names are not UTF-8. */
  leftOut?: string[];
}

/**
 * Sorted by name, folder by folder. Skips files that cannot be read or whose names are not UTF-8: a folder that only an
 * administrator may open does not prevent a run.
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

/** If the data folder is the project itself, the file pattern and the names distinguish data from code. */
function isData({ data, isDataFile }: Project, absolute: string): boolean {
  if (data === null) return false;
  const key = relative(data, absolute);
  return !key.startsWith('..') && !codeNames.test(absolute) && isDataFile(key);
}

async function fileItem(absolute: string, path: string): Promise<Item> {
  const { size, mtimeMs, mode } = await stat(absolute);
  if (size > maxCopiedBytes) return { path, kind: 'large', digest: `${size} ${mtimeMs}` };
  const hash = createHash('sha256').update(`${mode & 0o111}\n`);
  for await (const chunk of createReadStream(absolute)) hash.update(chunk);
  return { path, kind: 'file', digest: hash.digest('hex') };
}

/** Virtual environments and the results folder are not code. */
async function isOurs(folder: string, below: string): Promise<boolean> {
  const has = (name: string) =>
    stat(join(folder, name)).then(
      () => true,
      () => false,
    );
  if (await has('pyvenv.cfg')) return true;
  return below === '' && folder.endsWith('/results') && !(await has('__init__.py'));
}
