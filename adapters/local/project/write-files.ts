/** Writes files of a project, all or none. */
import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, lstat, mkdir, realpath, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { UsageError } from '../../../core/errors/errors.ts';

export interface NewFile {
  /** Relative to the project folder. */
  path: string;
  /** Text, or the path of a file to copy. */
  content: string | { copyOf: string };
}

/** Suffix of the backup of a migrated file. */
export const backupSuffix = '.before-migration';

/**
 * Writes new files into a folder, which is created if it does not exist.
 * @throws UsageError if one of them exists; then nothing is changed
 */
export async function placeFiles(folder: string, files: NewFile[]): Promise<void> {
  const there = await kindOf(folder);
  if (there === 'file')
    throw new UsageError(`${folder} is a file`, {
      hint: 'Name an empty or new folder.',
    });
  const taken = there === 'folder' ? await alreadyThere(folder, files) : [];
  if (taken.length > 0)
    throw new UsageError(`these files exist in ${folder}, and are not overwritten: ${taken.join(', ')}`, {
      hint: 'Name another folder, or move them away first. To rewrite a project of gismo-cloud-deploy: --migrate.',
    });
  // Written to a temporary folder, then moved, so that a full disk leaves no incomplete files.
  const beside = there === 'folder' ? folder : dirname(folder);
  const staging = join(beside, `.${basename(folder)}.making-${randomUUID()}`);
  try {
    for (const { path, content } of files) {
      const target = join(staging, path);
      await mkdir(dirname(target), { recursive: true });
      if (typeof content === 'string') await writeFile(target, content);
      else await copyFile(content.copyOf, target, constants.COPYFILE_FICLONE);
    }
    if (there === 'folder') await moveAll(staging, folder, files);
    else await rename(staging, folder);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** Moves files one by one; undoes this if one cannot be moved. */
async function moveAll(from: string, to: string, files: NewFile[]): Promise<void> {
  const targets: string[] = [];
  const created: string[] = [];
  let moved = 0;
  try {
    for (const { path } of files) {
      const target = join(to, path);
      targets.push(target);
      const first = await mkdir(dirname(target), { recursive: true });
      if (first) created.push(first);
      await rename(join(from, path), target);
      moved++;
    }
  } catch (error) {
    for (const target of targets.slice(0, moved)) await rm(target, { force: true });
    const isCreated = (folder: string) => created.some((one) => `${folder}/`.startsWith(`${one}/`));
    for (const target of targets)
      for (let folder = dirname(target); isCreated(folder); folder = dirname(folder))
        // Not removed if it has other files.
        await rmdir(folder).catch(() => {});
    throw error;
  }
}

/** Paths that exist: files, and files in place of a folder. */
async function alreadyThere(folder: string, files: NewFile[]): Promise<string[]> {
  const taken = new Set<string>();
  for (const { path } of files) {
    const steps = path.split('/');
    for (const [index] of steps.entries()) {
      const part = steps.slice(0, index + 1).join('/');
      const kind = await kindOf(join(folder, part));
      if (kind === undefined) break;
      if (part === path || kind === 'file') taken.add(part);
    }
  }
  return [...taken];
}

/**
 * Replaces the text of files, and keeps a backup of each.
 * @throws UsageError if a backup exists already; then nothing is changed
 */
export async function replaceFiles(folder: string, files: { name: string; text: string }[]): Promise<void> {
  const backups = files.map(({ name }) => `${name}${backupSuffix}`);
  const taken = await alreadyThere(
    folder,
    backups.map((path) => ({ path, content: '' })),
  );
  if (taken.length > 0)
    throw new UsageError(`${taken.join(' and ')} in ${folder} would be overwritten`, {
      hint: 'They are from an earlier migration: move or remove them first.',
    });
  const done: { target: string; backup: string }[] = [];
  const written: string[] = [];
  try {
    for (const { name, text } of files) {
      const target = await realpath(join(folder, name));
      const temporary = `${target}.making-${randomUUID()}`;
      written.push(temporary);
      await writeFile(temporary, text, { mode: (await stat(target)).mode });
    }
    for (const [index, { name }] of files.entries()) {
      const target = await realpath(join(folder, name));
      const backup = join(folder, backups[index]!);
      await copyFile(target, backup, constants.COPYFILE_EXCL);
      done.push({ target, backup });
      await rename(written[index]!, target);
    }
  } catch (error) {
    for (const { target, backup } of done) await rename(backup, target);
    throw error;
  } finally {
    for (const path of written) await rm(path, { force: true });
  }
}

async function kindOf(path: string): Promise<'file' | 'folder' | undefined> {
  const found = await stat(path).catch(() => lstat(path).catch(() => undefined));
  return found && (found.isDirectory() ? 'folder' : 'file');
}
