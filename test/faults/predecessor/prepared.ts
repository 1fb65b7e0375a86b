/** Projects that need packages, far from the user's own cache and from every package index. */
import { afterEach, expect } from '@jest/globals';
import { leftOver, newProject, startCommand } from '../../support/cli/project.ts';
import { offline, temporary } from '../../support/environments/temporary-projects.ts';

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
  expect(leftOver()).toEqual([]);
});

/** A project, and a way to start it with a folder of wheels, an empty cache and no AWS account. */
export async function prepared(files: Record<string, string>, wheels: string) {
  const project = await newProject(files);
  cleanUps.push(project.remove);
  const cache = temporary();
  const env = offline(wheels) as Record<string, string>;
  const begin = (...args: string[]) =>
    startCommand(['start', '-p', project.folder, ...args], {
      cwd: cache,
      env: { ...env, XDG_CACHE_HOME: cache },
    });
  return { project, cache, begin, start: (...args: string[]) => begin(...args).finished };
}
