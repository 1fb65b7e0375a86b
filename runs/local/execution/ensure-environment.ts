/** The stage that provides a Python environment with the project's packages. */

import type { Step } from '../../../core/step.ts';
import type { Environment, EnvironmentSpec, Environments } from '../../../ports/environments.ts';

/**
 * Finds the environment, or starts building it.
 * @throws PythonUnsuitable, InstallFailed
 */
export const ensureEnvironment =
  ({ environments }: { environments: Environments }) =>
  async (wanted: EnvironmentSpec): Promise<Step<Environment>> => {
    const found = await environments.find(wanted);
    if (found) return { state: 'ready', ...found };
    const { detail } = await environments.build(wanted);
    return { state: 'pending', detail };
  };
