/** A run's own copy of the project: editing the project does not change a run that has begun. */
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

/** Where the copy with this digest is, below the folder that a run's copies are in. */
export function frozenPath(folder: string, digest: string): string {
  return join(folder, digest.slice(0, 16));
}

const listOf = (folder: string, digest: string) => `${frozenPath(folder, digest)}.json`;

export interface Frozen {
  digest: string;
  path: string;
  leftOut: string[];
}

/** A file of the project that is not as it was frozen. */
export interface Change {
  path: string;
  what: 'changed' | 'new' | 'gone';
}

/** What has been edited in a project since a copy with this digest was made; in order of the files' paths. */
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
  changes.push(...[...old.keys()].map((path): Change => ({ path, what: 'gone' })));
  return changes.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Removes a copy, so that it can be made again. */
export async function removeCopy(folder: string, digest: string): Promise<void> {
  await rm(frozenPath(folder, digest), { recursive: true, force: true });
}

/**
 * Copies the project into `<folder>/<digest>`, unless it is there already. The copy has a link where the
 * data folder lies (or where data files lie among the code), so that code which opens `data/x.csv` finds it.
 * @returns the digest, the copy's path, and what is not in it because it cannot be read
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
      if (item.kind === 'file' || (item.kind === 'large' && (await isShared(from, to)))) await freezeFile(to);
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
 * What in a copy is not as it was made: somebody or a task has written there. A large file that is linked is none of the copy.
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
    if (!found) changes.push({ path: item.path, what: 'gone' });
    else if (!isCopyOf(found, item, project.folder)) changes.push({ path: item.path, what: 'changed' });
  }
  const more = [...there.keys()].filter((one) => importable.test(one));
  return [...changes, ...more.map((one): Change => ({ path: one, what: 'new' }))];
}

function isCopyOf(found: Item, { path, kind, digest }: Item, project: string): boolean {
  if (kind === 'file') return found.kind === 'file' && found.digest === digest;
  if (kind === 'link')
    return found.kind === 'link' && found.digest === targetOf(join(project, path), digest, project);
  // Data and large files are links to their places; where disks share blocks, a large file is a copy.
  if (found.kind === 'link') return found.digest === resolve(project, path);
  return kind === 'large' && found.kind === 'large' && found.digest.split(' ')[0] === digest.split(' ')[0];
}

/** Tasks see some of these files by links: none may be written to. */
async function freezeFile(path: string): Promise<void> {
  await chmod(path, (await stat(path)).mode & 0o555);
}

/** A copy of a large file where that takes no place: on disks that let two files share their blocks. */
function isShared(from: string, to: string): Promise<boolean> {
  return copyFile(from, to, constants.COPYFILE_FICLONE_FORCE).then(
    () => true,
    async () => {
      await rm(to, { force: true });
      return false;
    },
  );
}

/** A link inside the project leads to the copy, also one by an absolute path; one that leads out of it is made absolute. */
const linkTarget = async (link: string, project: string) => targetOf(link, await readlink(link), project);

function targetOf(link: string, target: string, project: string): string {
  const absolute = resolve(dirname(link), target);
  if (isOut(relative(project, absolute))) return absolute;
  return isAbsolute(target) ? relative(dirname(link), absolute) || '.' : target;
}

/** Data that comes or goes beside the code changes nothing in a run that is planned. */
const isCode = ({ kind }: Item) => kind !== 'data';

function digestOf(items: Item[]): string {
  const hash = createHash('sha256');
  for (const { path, kind, digest } of items.filter(isCode))
    hash.update(JSON.stringify([path, kind, digest]));
  return hash.digest('hex');
}
