/** Checks a project's entrypoint and task environment without running its code. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { assetPath } from '../adapters/local/assets.ts';
import type { LocalEnvironments } from '../adapters/local/environments/local-environments.ts';
import { ProjectInvalid, PythonUnsuitable } from '../core/errors/errors.ts';

/**
 * Checks that entrypoint.py exists, compiles and defines `entrypoint`, without importing it.
 * @throws ProjectInvalid, PythonUnsuitable
 */
export async function checkProject(
  environments: LocalEnvironments,
  project: string,
  python: string | null,
): Promise<void> {
  const { executable } = await environments.interpreter(python, project);
  const main = assetPath('worker', 'gcd_worker', '__main__.py');
  const { stdout } = await promisify(execFile)(executable, [main, 'check', project]).catch((error) => {
    if (typeof error.stdout === 'string' && error.stdout.startsWith('{')) return error as { stdout: string };
    throw new PythonUnsuitable(`${executable} could not check the project: ${error.stderr || error.message}`);
  });
  const answer = JSON.parse(stdout) as
    | { ok: true }
    | { event: 'invalid'; message: string; hint: string | null };
  if ('event' in answer)
    throw new ProjectInvalid(answer.message, answer.hint === null ? {} : { hint: answer.hint });
}

export interface TaskVariables {
  /** Variables of tasks that this process lacks or has with another value, except those of config.yaml. */
  set: Record<string, string>;
  /** Names of variables of this process that tasks do not get. */
  leftOut: string[];
}

/**
 * Environment variables of a task.
 * @param python command line of the interpreter that supervisors run on
 * @throws PythonUnsuitable
 */
export async function taskVariables(
  python: string[],
  asked: { environment: Record<string, string>; threads: number },
): Promise<TaskVariables> {
  const [command, ...args] = python as [string, ...string[]];
  const main = assetPath('worker', 'gcd_worker', '__main__.py');
  const child = promisify(execFile)(command, [...args, main, 'variables']);
  child.child.stdin?.on('error', () => {});
  child.child.stdin?.end(JSON.stringify(asked));
  const { stdout } = await child.catch((error) => {
    throw new PythonUnsuitable(
      `${command} cannot list the variables of tasks: ${error.stderr || error.message}`,
    );
  });
  const { set, left_out } = JSON.parse(stdout) as { set: Record<string, string>; left_out: string[] };
  return { set, leftOut: left_out };
}
