/** Shows the environment of tasks besides `env` of config.yaml: threads, matplotlib, and variables of this shell. */
import { availableParallelism } from 'node:os';
import { neededRequirements } from '../../adapters/local/environments/environment-plan.ts';
import { isolated, type LocalEnvironments } from '../../adapters/local/environments/local-environments.ts';
import type { Config } from '../../core/config/config.ts';
import { plural } from '../../core/format/numbers.ts';
import { taskVariables } from '../../runs/check-project.ts';
import { threadsOfAWorker } from '../../runs/local/execution/new-workers.ts';
import { type Check, checked, ok } from './check.ts';

/** @param config of a project whose Python is installed */
export function taskVariablesCheck(
  environments: LocalEnvironments,
  project: string,
  config: Config,
): Promise<Check> {
  return checked('worker', async () => {
    const { executable } = await environments.interpreter(config.python, project);
    // As in the project's own environment, even before that exists.
    const hasPackages = (await neededRequirements(project)).entries.some(({ isPackage }) => isPackage);
    const workers = availableParallelism();
    const asked = { environment: config.env, threads: threadsOfAWorker(workers) };
    const { set, leftOut } = await taskVariables([executable, ...(hasPackages ? isolated : [])], asked);
    const { MPLBACKEND, OMP_NUM_THREADS } = set;
    const own = (name: string) => config.env[name] ?? process.env[name];
    const threads = OMP_NUM_THREADS ?? own('OMP_NUM_THREADS');
    const said = [
      `${threads === '1' ? '1 thread' : `${threads} threads`} for numerical libraries (OMP_NUM_THREADS and others): ${plural(workers, 'worker')} on ${plural(workers, 'core')}`,
      `matplotlib draws with ${MPLBACKEND ?? own('MPLBACKEND')} (MPLBACKEND)`,
      ...(leftOut.length > 0 ? [`not passed on from this shell: ${leftOut.join(', ')}`] : []),
    ];
    return ok(said.join('\n'));
  });
}
