/** Waits until CloudFormation completes a change of a stack, and reports its steps. */
import { setTimeout as sleep } from 'node:timers/promises';
import { DeployFailed, NotFound } from '../../../core/errors/errors.ts';
import type { StackStep } from '../../../ports/account/deployment.ts';
import type { FoundStack, StackClient } from './stack-client.ts';

export type OnStep = (step: StackStep) => void;

/** Milliseconds between two polls. */
const defaultPause = 3000;

export interface FollowOptions {
  /** ARN of the stack, by which a deleted one is found, too. */
  id: string;
  /** Id of the last step before the change. */
  after: string | undefined;
  onStep: OnStep;
  pause?: number;
}

export type Followed = Pick<StackClient, 'find' | 'steps'>;

/**
 * Follows a stack until it is not changed any more. The SDK retries after throttling and network errors.
 * @returns the stack, undefined when it was deleted, and the first step that failed
 */
export async function followStack(
  client: Followed,
  { id, after, onStep, pause = defaultPause }: FollowOptions,
): Promise<{ stack: FoundStack | undefined; failed: StackStep | undefined }> {
  let last = after;
  let failed: StackStep | undefined;
  for (;;) {
    // The status first: the steps then include everything before it.
    const stack = await client.find(id);
    for (const step of stack ? await client.steps(last, id) : []) {
      last = step.id;
      if (isFailure(step)) failed ??= step;
      onStep(step);
    }
    if (!stack?.status.endsWith('_IN_PROGRESS')) return { stack, failed };
    await sleep(pause);
  }
}

/** Not those that were cancelled because of another failure, nor the stack, which fails because of its resources. */
const isFailure = ({ status, reason, type }: StackStep): boolean =>
  status.endsWith('_FAILED') &&
  type !== 'AWS::CloudFormation::Stack' &&
  !/^Resource (creation|update) cancelled/i.test(reason ?? '');

/** Id of the last step. */
export async function lastStep(client: StackClient): Promise<string | undefined> {
  return (await client.steps(undefined)).at(-1)?.id;
}

/** The error for a change that failed. @param what that was to be done to the stack: `changed` */
export function failure(
  name: string,
  what: string,
  { stack, failed }: Awaited<ReturnType<typeof followStack>>,
  hint: string,
): DeployFailed | NotFound {
  if (!stack) return new NotFound(`stack ${name} was removed meanwhile`, { hint });
  const cause = failed
    ? `${failed.resource} (${failed.type}): ${failed.reason ?? failed.status}`
    : (stack.reason ?? stack.status);
  return new DeployFailed(`stack ${name} could not be ${what}: ${cause}`, { hint });
}
