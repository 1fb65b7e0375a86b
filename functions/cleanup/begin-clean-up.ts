/** The stage BeginCleanUp: which run or cluster is cleaned up, and the state that the later stages get. */

import { InUse } from '../../core/errors/errors.ts';
import type { RunRequest } from '../../core/run-store/request/request.ts';
import type { Execution, Executions } from '../../ports/account/executions.ts';
import type { Clock } from '../../ports/clock.ts';

/** Input of the clean-up's execution. */
export interface CleanUpInput {
  /** Of the run to clean up; absent if only resources are to be removed. */
  execution?: string;
  run?: string;
  /** The cluster to remove, unless a run names it; null: everything. */
  cluster?: string | null;
  tearDown?: boolean;
}

/** Input of the states that follow. */
export interface CleanUpState {
  ofRun: boolean;
  tearDown: boolean;
  run: string;
  execution: string;
  cluster: string | null;
  nodes: { cluster: string; nodegroup: string };
  /** Empty if it has none. */
  bastion: string;
  repetitions: number;
  /** Seconds since 1970. */
  startedAt: number;
  /** How the run's execution ended, as the notification says it. */
  ended: { Error: string; Cause: string };
  failures: Record<string, never>;
  passed: Record<string, never>;
  /** Why the clean-up failed. */
  outcome: Record<string, never>;
}

const words: Record<Exclude<Execution['state'], 'running'>, string> = {
  succeeded: 'its execution had ended, and left resources behind',
  failed: 'its execution failed, and left resources behind',
  aborted: 'its execution was stopped',
  'timed-out': 'its execution timed out',
};

/**
 * @param request of the run; null without a run
 * @throws InUse while the execution is running
 */
export const beginCleanUp =
  ({ executions, clock }: { executions: Executions; clock: Clock }) =>
  async (request: RunRequest | null, input: CleanUpInput): Promise<CleanUpState> => {
    const { execution = '', run = '', tearDown = false } = input;
    const found = execution ? await executions.find(execution) : undefined;
    if (found?.state === 'running')
      throw new InUse(`execution ${execution} is running`, { hint: `gcd-sfn stop ${run} ends it.` });
    const target = request?.target.kind === 'eks' ? request.target : null;
    const cluster = target?.cluster.name ?? input.cluster ?? null;
    return {
      ofRun: target !== null && execution !== '',
      tearDown,
      ...{ run, execution, cluster },
      nodes: { cluster: cluster ?? '', nodegroup: target?.nodegroup.name ?? '' },
      bastion: target?.bastion ?? '',
      repetitions: request?.repetitions ?? 0,
      startedAt: clock.now(),
      ended: {
        Error: found?.state ?? 'lost',
        Cause: found ? words[found.state] : 'its execution is no longer known to Step Functions',
      },
      failures: {},
      passed: {},
      outcome: {},
    };
  };
