/** How an execution ended, from what its states left: the first failure counts. */
import type { Failure } from './explain.ts';

/** What an execution carries at its end; little when its first state failed. */
export interface EndState {
  run?: string | undefined;
  execution?: string | undefined;
  /** Why the work failed. */
  outcome?: Partial<Failure> | undefined;
  /** States of the end that failed, by their names. */
  failures?: Record<string, Failure> | undefined;
  /** Tasks; absent when nothing was gathered. */
  gathered?: { succeeded: number; failed: number; unfinished: number } | undefined;
  work?: { prepared: { bastion: { Error?: string | undefined } | null } } | undefined;
  /** Only of a clean-up: how the execution that it is for had ended. */
  ended?: Failure | undefined;
}

/** The states of the end, in the order in which they come. */
const order = [
  'StopWorkers',
  'ScaleDown',
  'SumCost',
  'Gather',
  'Report',
  'StopBastion',
  'TearDown',
  'ConfirmGone',
];

/** Undefined when nothing failed, or nothing that makes an execution fail. */
export function firstFailure({ outcome, failures = {} }: EndState): Failure | undefined {
  if (outcome?.Error !== undefined) return { Error: outcome.Error, Cause: outcome.Cause };
  const names = Object.keys(failures).sort((a, b) => order.indexOf(a) - order.indexOf(b));
  return names[0] === undefined ? undefined : failures[names[0]];
}
