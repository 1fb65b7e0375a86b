/** The stage that sees to a Python with the project's packages. */

import type { Step } from '../../../core/step.ts';
import type { Environment, EnvironmentSpec, Environments } from '../../../ports/environments.ts';

/**
 * Looks for the environment; where it is missing, has it made.
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
