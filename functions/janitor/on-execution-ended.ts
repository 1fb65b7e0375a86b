/** What the janitor does first when it is told that an execution has ended: the guarantee is its look at everything. */
import { AlreadyThere } from '../../core/errors/errors.ts';
import type { Executions } from '../../ports/account/executions.ts';

/**
 * Begins the clean-up of a run whose execution was stopped or timed out: it ran no Catch, so nothing was gathered and
 * nobody was told. One that failed has done so by itself, but for errors that no Catch sees, and what those leave on a
 * cluster is found there.
 * @returns whether a clean-up was begun
 */
export const cleanUpEnded =
  ({ executions }: { executions: Executions }) =>
  async (execution: string): Promise<boolean> => {
    const found = await executions.find(execution);
    if (!found?.run || (found.state !== 'aborted' && found.state !== 'timed-out')) return false;
    try {
      await executions.start('cleanup', `${execution}-cleanup`, { run: found.run, execution });
      return true;
    } catch (error) {
      // The event came twice, or the look at everything was faster.
      if (!(error instanceof AlreadyThere)) throw error;
      return false;
    }
  };
