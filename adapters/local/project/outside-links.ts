/** Detects links that lead out of a folder: nothing is written outside of a project, whoever it is from. */
import { lstatSync, readlinkSync, realpathSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { ProjectInvalid } from '../../../core/errors/errors.ts';

/** A link and its target. */
export interface LinkOut {
  link: string;
  target: string;
}

/**
 * The first link between a folder and a path below it that leads out of the folder, or is broken. The folder itself may be
 * reached by links, and need not exist.
 * @param root absolute path
 * @param path absolute path; undefined is returned if it is not below `root`
 */
export function linkOut(root: string, path: string): LinkOut | undefined {
  const way = relative(root, path);
  if (way === '' || isOut(way)) return undefined;
  let at = root;
  for (const step of way.split(sep)) {
    at = join(at, step);
    const found = lstatSync(at, { throwIfNoEntry: false });
    if (!found) return undefined;
    if (!found.isSymbolicLink()) continue;
    const real = realOf(at);
    if (real === undefined || isOut(relative(realpathSync(root), real)))
      return { link: at, target: real ?? resolve(dirname(at), readlinkSync(at)) };
  }
  return undefined;
}

/** Whether a relative path leads out of its base folder. */
export const isOut = (way: string): boolean =>
  way === '..' || way.startsWith(`..${sep}`) || way.startsWith(sep);

function realOf(link: string): string | undefined {
  try {
    return realpathSync(link);
  } catch {
    return undefined;
  }
}

/**
 * Refuses to write through a link that leads out of the project.
 * @param project absolute path
 * @param path absolute path of the file to write, or of its folder
 * @param hint alternative to removing the link
 * @throws ProjectInvalid
 */
export function refuseLinkOut(project: string, path: string, hint = ''): void {
  const found = linkOut(project, path);
  if (!found) return;
  throw new ProjectInvalid(
    `${found.link} is a link to ${found.target}, outside the project folder: gcd-sfn does not write through it`,
    { hint: `Check where it comes from, and remove it.${hint && ` ${hint}`}` },
  );
}

/** The same for the results folder. */
export function refuseResultsElsewhere(project: string, folder = join(project, 'results')): void {
  refuseLinkOut(project, folder, 'To have results elsewhere: gcd-sfn results --output FOLDER');
}
