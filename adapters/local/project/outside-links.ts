/** Links that lead out of a folder: a project may come from anybody, and what is written stays in it. */
import { lstatSync, readlinkSync, realpathSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { ProjectInvalid } from '../../../core/errors/errors.ts';

/** A link, and what it leads to. */
export interface LinkOut {
  link: string;
  target: string;
}

/**
 * The first link on the way from a folder to a path below it that leads out of the folder, or nowhere. The folder itself
 * may be reached by links, and need not be there.
 * @param root absolute path
 * @param path absolute path; one that is not below `root` has no way from there
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

/** Whether a relative path leads out of where it begins. */
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
 * Refuses what would be written outside of a project although its path is inside.
 * @param project absolute path
 * @param path absolute path of what is to be written, or of its folder
 * @param hint besides removing the link
 * @throws ProjectInvalid
 */
export function refuseLinkOut(project: string, path: string, hint = ''): void {
  const found = linkOut(project, path);
  if (!found) return;
  throw new ProjectInvalid(
    `${found.link} is a link to ${found.target}, outside of the project folder: nothing is written through it`,
    { hint: `Look who made it, and remove it.${hint && ` ${hint}`}` },
  );
}

/** The same for the folder with the results. */
export function refuseResultsElsewhere(project: string, folder = join(project, 'results')): void {
  refuseLinkOut(project, folder, 'To have results elsewhere: gcd-sfn results --output FOLDER');
}
