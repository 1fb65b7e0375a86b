/** Fast path for the execution-ended event; the periodic sweep is the safety net. */
import { AlreadyThere } from '../../core/errors/errors.ts';
import type { Executions } from '../../ports/account/executions.ts';

/**
 * Starts the clean-up of a run whose execution was stopped or timed out: no Catch has run, so nothing was gathered and
 * nobody was notified. An execution that failed has cleaned up by itself; what an uncaught error leaves on a cluster, the
 * sweep finds there.
 * @returns whether a clean-up was started
 */
export const onExecutionEnded =
  ({ executions }: { executions: Executions }) =>
  async (execution: string): Promise<boolean> => {
    const found = await executions.find(execution);
    if (!found?.run || (found.state !== 'aborted' && found.state !== 'timed-out')) return false;
    try {
      await executions.start('cleanup', `${execution}-cleanup`, { run: found.run, execution });
      return true;
    } catch (error) {
      // The event was delivered twice, or the sweep was faster.
      if (!(error instanceof AlreadyThere)) throw error;
      return false;
    }
  };
