/** A run's executions, by their names: `<run>-1`, `<run>-2`, …; of a scheduled run, before those the one that claimed it. */
import { AlreadyThere } from '../../core/errors/errors.ts';
import { claimerOf } from '../../core/run-store/events/events.ts';
import type { Store } from '../../core/store.ts';
import type { Execution } from '../../ports/account/executions.ts';
import type { Cloud } from './cloud.ts';

export interface LatestExecution {
  execution: Execution;
  /** How many the run has had, this one counted in. */
  count: number;
}

/** @returns undefined when the run has had none, or none that Step Functions still knows (it forgets after 90 days) */
export async function latestExecution(
  { executions }: Pick<Cloud, 'executions'>,
  run: string,
  store: Store,
): Promise<LatestExecution | undefined> {
  const claimer = await claimerOf(store);
  const claimed = claimer === undefined ? undefined : await executions.find(claimer);
  let newest: LatestExecution | undefined = claimed && { execution: claimed, count: 1 };
  for (let number = 1; ; number++) {
    const execution = await executions.find(`${run}-${number}`);
    if (!execution) return newest;
    newest = { execution, count: (newest?.count ?? 0) + 1 };
  }
}

/**
 * Starts the next execution of a run.
 * @returns its name
 */
export async function startNext({ executions }: Pick<Cloud, 'executions'>, run: string): Promise<string> {
  for (let number = 1; ; number++) {
    const name = `${run}-${number}`;
    if (await executions.find(name)) continue;
    try {
      await executions.start('run', name, { run });
      return name;
    } catch (error) {
      // Somebody else was first, or it was of long ago.
      if (!(error instanceof AlreadyThere)) throw error;
    }
  }
}
