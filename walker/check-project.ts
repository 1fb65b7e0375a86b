/** Looks at a project before anything is made of it. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { assetPath } from '../adapters/local/assets.ts';
import type { LocalEnvironments } from '../adapters/local/environments/local-environments.ts';
import { ProjectInvalid, PythonUnsuitable } from '../ports/errors.ts';

/**
 * Checks that entrypoint.py is there, compiles, and defines `entrypoint`: without importing it.
 * @throws ProjectInvalid, PythonUnsuitable
 */
export async function checkProject(
  environments: LocalEnvironments,
  project: string,
  python: string | null,
): Promise<void> {
  const { executable } = await environments.interpreter(python);
  const main = assetPath('worker', 'gcd_worker', '__main__.py');
  const { stdout } = await promisify(execFile)(executable, [main, 'check', project]).catch((error) => {
    if (typeof error.stdout === 'string' && error.stdout.startsWith('{')) return error as { stdout: string };
    throw new PythonUnsuitable(`${executable} could not check the project: ${error.stderr || error.message}`);
  });
  const answer = JSON.parse(stdout) as
    | { ok: true }
    | { event: 'invalid'; message: string; mend: string | null };
  if ('event' in answer)
    throw new ProjectInvalid(answer.message, answer.mend === null ? {} : { mend: answer.mend });
}
