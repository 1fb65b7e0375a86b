/** The first stage of a clean-up: whose it is, and what of it. */

import { InUse } from '../../core/errors/errors.ts';
import type { RunRequest } from '../../core/run-store/request/request.ts';
import type { Execution, Executions } from '../../ports/account/executions.ts';
import type { Clock } from '../../ports/clock.ts';

/** Input of the clean-up's execution. */
export interface CleanUpAsked {
  /** With the name of its run; absent when only things are to be removed. */
  execution?: string;
  run?: string;
  /** Of which cluster things are removed, when no run says; null: everything. */
  cluster?: string | null;
  tearDown?: boolean;
}

/** The state that the machine carries on. */
export interface CleanUpState {
  ofRun: boolean;
  tearDown: boolean;
  run: string;
  execution: string;
  cluster: string | null;
  nodes: { cluster: string; nodegroup: string };
  /** Empty when there is none. */
  bastion: string;
  repetitions: number;
  /** Seconds since 1970. */
  startedAt: number;
  /** How the run's execution ended, as its message tells it. */
  ended: { Error: string; Cause: string };
  failures: Record<string, never>;
  passed: Record<string, never>;
  /** Why the clean-up failed. */
  outcome: Record<string, never>;
}

const words: Record<Exclude<Execution['state'], 'running'>, string> = {
  succeeded: 'its execution had ended, and left something behind',
  failed: 'its execution failed, and left something behind',
  aborted: 'its execution was stopped',
  'timed-out': 'its execution took longer than it may',
};

/**
 * @param request of the run; null when there is none
 * @throws InUse while the execution is running
 */
export const beginCleanUp =
  ({ executions, clock }: { executions: Executions; clock: Clock }) =>
  async (request: RunRequest | null, asked: CleanUpAsked): Promise<CleanUpState> => {
    const { execution = '', run = '', tearDown = false } = asked;
    const found = execution ? await executions.find(execution) : undefined;
    if (found?.state === 'running')
      throw new InUse(`execution ${execution} is running`, { hint: `gcd-sfn stop ${run} ends it.` });
    const target = request?.target.kind === 'eks' ? request.target : null;
    const cluster = target?.cluster.name ?? asked.cluster ?? null;
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
        Cause: found ? words[found.state] : 'its execution is not known any more',
      },
      failures: {},
      passed: {},
      outcome: {},
    };
  };
