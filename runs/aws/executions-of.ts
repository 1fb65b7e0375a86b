/** A run's executions: `<run>-1`, `<run>-2`, …; for a scheduled run preceded by the execution that claimed it. */
import { AlreadyThere } from '../../core/errors/errors.ts';
import { claimerOf } from '../../core/run-store/events/events.ts';
import type { Store } from '../../core/store.ts';
import type { Execution } from '../../ports/account/executions.ts';
import type { Cloud } from './cloud.ts';

export interface LatestExecution {
  execution: Execution;
  /** Number of executions, including this one. */
  count: number;
}

/** @returns undefined when the run has none, or none newer than the 90 days that Step Functions keeps */
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
      // Another process started it first, or Step Functions does not list it any more.
      if (!(error instanceof AlreadyThere)) throw error;
    }
  }
}
