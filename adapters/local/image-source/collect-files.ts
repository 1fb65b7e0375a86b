/** Collects the files of a frozen project for its image. Links that lead out of the project are refused or followed. */
import { readdir, readFile, readlink, realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { ProjectInvalid } from '../../../core/errors/errors.ts';
import { isOut } from '../project/outside-links.ts';
import { type LeftOut, nothingLeftOut, type Why } from './ignore-rules.ts';
import { linkMode, type ZipEntry } from './zip.ts';

/** Created by runs and builds, or by gcd-sfn. */
const never = new Set(['__pycache__', '.gcd', '.git', 'node_modules', '.ipynb_checkpoints', '.DS_Store']);

const fileMode = (mode: number) => (mode & 0o111 ? 0o100755 : 0o100644);

/** An entry with generated text. */
export const textEntry = (path: string, text: string): ZipEntry => ({
  path,
  mode: 0o100644,
  content: async () => Buffer.from(text),
});

export interface FileEntry extends ZipEntry {
  /** Size of its content. */
  bytes: number;
}

export interface Rules {
  leftOut: LeftOut;
  /** `data` or `large` for a link of the frozen project to data or to a large file; undefined for other paths. */
  kindOf: (path: string) => string | undefined;
  /** Paths in the project of links that may lead out of it. */
  followLinks: string[];
}

export interface Found {
  /** Sorted by path. */
  entries: FileEntry[];
  /** Folders end with a slash. */
  leftOut: { path: string; why: Why }[];
  /** Included although they look like secrets. */
  takenBack: string[];
  /** Files from outside the project that links lead to. */
  outside: { path: string; target: string; files: number; bytes: number }[];
}

const everything: Rules = { leftOut: nothingLeftOut, kindOf: () => undefined, followLinks: [] };

/**
 * The files of a folder. Links inside it stay links. The target of a link that leads out is included if the rules allow this
 * link, since it does not exist on another machine.
 * @param folder absolute path
 * @param under path of the folder in the archive
 * @throws ProjectInvalid for a broken link, or one that leads out of the project and is not allowed
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

/** @param outside folders outside the project that links have led to, to detect cycles */
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
    throw new ProjectInvalid(`${path} is a link to ${target}, which does not exist`, {
      hint: 'Remove the link, or create its target: it is copied to the cluster.',
    });
  const stays = outside[0] !== undefined && !isOut(relative(outside[0], real));
  if (!stays && !rules.followLinks.includes(path)) {
    refused.push({ path, target: real });
    return;
  }
  // A secret under another name.
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
      ? `${first?.path} is a link to ${first?.target}, outside the project folder: its target`
      : `${refused.length} links lead out of the project folder: their targets`;
  return new ProjectInvalid(`${what} would be copied to the cluster`, {
    hint: [
      ...(refused.length === 1 ? [] : [...list, ...more]),
      `Check the target. Remove the link, or exclude it by a line in .gcdignore; or include it: follow_links: [${paths.join(', ')}] in config.yaml.`,
    ].join('\n'),
  });
}
