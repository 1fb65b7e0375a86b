/** What a frozen project is made of, as another machine needs it: nothing in it leads out of it. */
import { readdir, readFile, readlink, realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { ProjectInvalid } from '../../../core/errors/errors.ts';
import { isOut } from '../project/outside-links.ts';
import { type LeftOut, nothingLeftOut, type Why } from './ignore-rules.ts';
import { linkMode, type ZipEntry } from './zip.ts';

/** Made by running or by building; and what a run keeps. */
const never = new Set(['__pycache__', '.gcd', '.git', 'node_modules', '.ipynb_checkpoints', '.DS_Store']);

const fileMode = (mode: number) => (mode & 0o111 ? 0o100755 : 0o100644);

/** An entry of a text that is made here. */
export const textEntry = (path: string, text: string): ZipEntry => ({
  path,
  mode: 0o100644,
  content: async () => Buffer.from(text),
});

export interface FileEntry extends ZipEntry {
  /** Of its content. */
  bytes: number;
}

export interface Rules {
  leftOut: LeftOut;
  /** What a path of the frozen project is besides a file of its own: data, or a large file that is linked to its place. */
  kindOf: (path: string) => string | undefined;
  /** Links that may lead out of the project, by their paths in it. */
  followLinks: string[];
}

export interface Found {
  /** In order of their paths. */
  entries: FileEntry[];
  /** Folders have a slash behind them. */
  leftOut: { path: string; why: Why }[];
  /** Taken although they look like secrets. */
  takenBack: string[];
  /** What was taken from outside of the project. */
  outside: { path: string; target: string; files: number; bytes: number }[];
}

const everything: Rules = { leftOut: nothingLeftOut, kindOf: () => undefined, followLinks: [] };

/**
 * The files of a folder. Links inside it stay links; what one leads to that leads out is taken along, since it is not there
 * on another machine, if the rules name this link.
 * @param folder absolute path
 * @param under path of the folder in the archive
 * @throws ProjectInvalid when a link leads nowhere, or out of the project without being named
 */
export async function filesOf(folder: string, under: string, rules = everything): Promise<Found> {
  const found: Found = { entries: [], leftOut: [], takenBack: [], outside: [] };
  const walk: Walk = { folder, rules, found, refused: [] };
  await collect(walk, folder, '', []);
  if (walk.refused.length > 0) throw linksOut(walk.refused);
  const entries = found.entries
    .map((entry) => ({ ...entry, path: `${under}/${entry.path}` }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  return { ...found, entries };
}

interface Walk {
  folder: string;
  rules: Rules;
  found: Found;
  refused: { path: string; target: string }[];
}

/** @param outside folders outside the project that a link has led to: one may lead to itself */
async function collect(walk: Walk, from: string, below: string, outside: string[]): Promise<void> {
  const inFolder = await readdir(from, { withFileTypes: true });
  for (const entry of inFolder.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const absolute = join(from, entry.name);
    const path = join(below, entry.name);
    if (never.has(entry.name) || walk.rules.kindOf(path) === 'data') continue;
    if (isLeftOut(walk, entry.isDirectory() ? `${path}/` : path)) continue;
    if (entry.isDirectory()) await collect(walk, absolute, path, outside);
    else if (entry.isFile()) await addFile(walk, absolute, path);
    else if (entry.isSymbolicLink()) await addLink(walk, absolute, path, outside);
  }
}

function isLeftOut({ rules: { leftOut }, found }: Walk, path: string): boolean {
  const why = leftOut.why(path);
  if (why !== undefined) found.leftOut.push({ path, why });
  else if (leftOut.isTakenBack(path)) found.takenBack.push(path);
  return why !== undefined;
}

async function addFile({ found }: Walk, absolute: string, path: string): Promise<void> {
  const { mode, size } = await stat(absolute);
  found.entries.push({ path, mode: fileMode(mode), bytes: size, content: () => readFile(absolute) });
}

async function addLink(walk: Walk, absolute: string, path: string, outside: string[]): Promise<void> {
  const { folder, rules, found, refused } = walk;
  const target = await readlink(absolute);
  const away = relative(folder, resolve(dirname(absolute), target));
  if (!isAbsolute(target) && !isOut(away) && outside.length === 0) {
    found.entries.push({ path, mode: linkMode, bytes: 0, content: async () => Buffer.from(target) });
    return;
  }
  if (rules.kindOf(path) === 'large') return addFile(walk, absolute, path);
  const real = await realpath(absolute).catch(() => undefined);
  if (real === undefined)
    throw new ProjectInvalid(`${path} is a link to ${target}, which is not there`, {
      hint: 'Remove the link, or make what it leads to: it is taken along to the cluster.',
    });
  const stays = outside[0] !== undefined && !isOut(relative(outside[0], real));
  if (!stays && !rules.followLinks.includes(path)) {
    refused.push({ path, target: real });
    return;
  }
  // Another name does not make a secret less of one.
  if (rules.leftOut.isSecret(real)) {
    found.leftOut.push({ path, why: 'secret' });
    return;
  }
  const before = found.entries.length;
  const there = await stat(real);
  if (there.isFile()) await addFile(walk, real, path);
  else if (there.isDirectory() && !outside.includes(real))
    await collect(walk, real, path, [...outside, real]);
  const taken = found.entries.slice(before);
  const bytes = taken.reduce((sum, entry) => sum + entry.bytes, 0);
  if (!stays) found.outside.push({ path, target: real, files: taken.length, bytes });
}

const shown = 10;

function linksOut(refused: { path: string; target: string }[]): ProjectInvalid {
  const [first] = refused;
  const paths = refused.slice(0, shown).map(({ path }) => JSON.stringify(path));
  const list = refused.slice(0, shown).map(({ path, target }) => `  ${path} leads to ${target}`);
  const more = refused.length > shown ? [`  and ${refused.length - shown} more`] : [];
  const what =
    refused.length === 1
      ? `${first?.path} is a link to ${first?.target}, outside of the project folder: that`
      : `${refused.length} links lead out of the project folder: what is there`;
  return new ProjectInvalid(`${what} would be taken along to the cluster`, {
    hint: [
      ...(refused.length === 1 ? [] : [...list, ...more]),
      `Look what that is. Remove it, or leave it out by a line in .gcdignore; or take it along: follow_links: [${paths.join(', ')}] in config.yaml.`,
    ].join('\n'),
  });
}
