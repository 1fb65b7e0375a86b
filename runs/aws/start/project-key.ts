/** Where what outlives the runs of a project is kept in the stack's bucket. */
import { hash } from 'node:crypto';
import { basename } from 'node:path';
import { originOf } from '../../../adapters/local/project/git-origin.ts';

/**
 * The same for every clone of a project; different for two projects whose folders have one name. One that is in no clone
 * is its user's own, and this folder's.
 * @param project absolute path
 * @param caller ARN of who asks
 */
export async function projectKey(project: string, caller: string): Promise<string> {
  const origin = (await originOf(project)) ?? `${caller}:${project}`;
  const name = basename(project)
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
    .slice(0, 60);
  return `${name || 'project'}-${hash('sha256', origin).slice(0, 12)}`;
}
