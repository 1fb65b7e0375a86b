/** A run's frozen copy of its project: editing the project does not change a started run. */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import {
  chmod,
  copyFile,
  mkdir,
  readFile,
  readlink,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { type Item, itemsOf, type Project } from './code-files.ts';
import { isOut } from './outside-links.ts';

/** Path of the copy with this digest. @param folder folder of the run's copies */
export function frozenPath(folder: string, digest: string): string {
  return join(folder, digest.slice(0, 16));
}

const listOf = (folder: string, digest: string) => `${frozenPath(folder, digest)}.json`;

export interface Frozen {
  digest: string;
  path: string;
  leftOut: string[];
}

/** A difference between the project and its frozen copy. */
export interface Change {
  path: string;
  what: 'changed' | 'new' | 'deleted';
}

/** Changes in a project since the copy with this digest was made, sorted by path. */
export async function changesSince(project: Project, folder: string, digest: string): Promise<Change[]> {
  const items = await itemsOf(project);
  if (digestOf(items) === digest) return [];
  const now = items.filter(isCode);
  const before = (JSON.parse(await readFile(listOf(folder, digest), 'utf8')) as Item[]).filter(isCode);
  const keyOf = ({ kind, digest }: Item) => `${kind} ${digest}`;
  const old = new Map(before.map((item) => [item.path, keyOf(item)]));
  const changes: Change[] = [];
  for (const item of now) {
    const was = old.get(item.path);
    old.delete(item.path);
    if (was !== keyOf(item)) changes.push({ path: item.path, what: was === undefined ? 'new' : 'changed' });
  }
  changes.push(...[...old.keys()].map((path): Change => ({ path, what: 'deleted' })));
  return changes.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Removes a copy, so that it can be recreated. */
export async function removeCopy(folder: string, digest: string): Promise<void> {
  await rm(frozenPath(folder, digest), { recursive: true, force: true });
}

/**
 * Copies the project into `<folder>/<digest>`, unless that exists. The copy has links in place of the data folder (or of
 * data files among the code), so that code which opens `data/x.csv` finds it.
 * @returns `leftOut`: paths that cannot be read
 */
export async function freeze(project: Project, folder: string): Promise<Frozen> {
  const leftOut: string[] = [];
  const items = await itemsOf({ ...project, leftOut });
  const digest = digestOf(items);
  const path = frozenPath(folder, digest);
  if (await stat(path).catch(() => undefined)) return { digest, path, leftOut };
  const temporary = `${path}.writing-${process.pid}`;
  await mkdir(temporary, { recursive: true });
  await writeFile(listOf(folder, digest), JSON.stringify(items));
  try {
    for (const item of items) {
      const from = join(project.folder, item.path);
      const to = join(temporary, item.path);
      await mkdir(dirname(to), { recursive: true });
      if (item.kind === 'file') await copyFile(from, to, constants.COPYFILE_FICLONE);
      if (item.kind === 'file' || (item.kind === 'large' && (await copyByReflink(from, to))))
        await freezeFile(to);
      else if (item.kind === 'link') await symlink(await linkTarget(from, project.folder), to);
      else await symlink(resolve(from), to);
    }
    await rename(temporary, path);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
  return { digest, path, leftOut };
}

/** Files that Python may import: one more of them changes what code does, one more of others does not. */
const importable = /\.(?:py|pyc|pyd|so|pth)$/;

/**
 * Changes in a frozen copy: somebody or a task has written there. Linked large files are not part of the copy.
 * @param project where it was copied from
 */
export async function changesInCopy(
  project: Pick<Project, 'folder'>,
  folder: string,
  digest: string,
): Promise<Change[]> {
  const path = frozenPath(folder, digest);
  const list = JSON.parse(await readFile(listOf(folder, digest), 'utf8')) as Item[];
  if (digestOf(list) !== digest) return [{ path: `${basename(path)}.json`, what: 'changed' }];
  const there = new Map(
    (await itemsOf({ folder: path, data: null, isDataFile: () => false })).map((item) => [item.path, item]),
  );
  const changes: Change[] = [];
  for (const item of list) {
    const found = there.get(item.path);
    there.delete(item.path);
    if (!found) changes.push({ path: item.path, what: 'deleted' });
    else if (!isCopyOf(found, item, project.folder)) changes.push({ path: item.path, what: 'changed' });
  }
  const more = [...there.keys()].filter((one) => importable.test(one));
  return [...changes, ...more.map((one): Change => ({ path: one, what: 'new' }))];
}

function isCopyOf(found: Item, { path, kind, digest }: Item, project: string): boolean {
  if (kind === 'file') return found.kind === 'file' && found.digest === digest;
  if (kind === 'link')
    return found.kind === 'link' && found.digest === targetOf(join(project, path), digest, project);
  // Data and large files are links; on a file system with reflinks, a large file is a copy.
  if (found.kind === 'link') return found.digest === resolve(project, path);
  return kind === 'large' && found.kind === 'large' && found.digest.split(' ')[0] === digest.split(' ')[0];
}

/** Makes a file read-only. */
async function freezeFile(path: string): Promise<void> {
  await chmod(path, (await stat(path)).mode & 0o555);
}

/** Copies a large file if that takes no space (reflinks). @returns whether it was copied */
function copyByReflink(from: string, to: string): Promise<boolean> {
  return copyFile(from, to, constants.COPYFILE_FICLONE_FORCE).then(
    () => true,
    async () => {
      await rm(to, { force: true });
      return false;
    },
  );
}

/** A link within the project gets a relative target in the copy; one that leads out of it an absolute target. */
const linkTarget = async (link: string, project: string) => targetOf(link, await readlink(link), project);

function targetOf(link: string, target: string, project: string): string {
  const absolute = resolve(dirname(link), target);
  if (isOut(relative(project, absolute))) return absolute;
  return isAbsolute(target) ? relative(dirname(link), absolute) || '.' : target;
}

/** Data files do not count: changes of data do not affect a planned run. */
const isCode = ({ kind }: Item) => kind !== 'data';

function digestOf(items: Item[]): string {
  const hash = createHash('sha256');
  for (const { path, kind, digest } of items.filter(isCode))
    hash.update(JSON.stringify([path, kind, digest]));
  return hash.digest('hex');
}
