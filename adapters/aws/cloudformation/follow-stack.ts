/** Waits until CloudFormation is through with a stack, and tells what happens meanwhile. */
import { setTimeout as sleep } from 'node:timers/promises';
import { DeployFailed, NotFound } from '../../../core/errors/errors.ts';
import type { StackStep } from '../../../ports/account/deployment.ts';
import type { FoundStack, StackLook } from './stack-client.ts';

export type OnStep = (step: StackStep) => void;

/** Milliseconds between two looks. */
const usualPause = 3000;

export interface FollowAsked {
  /** ARN of the stack, which finds it also when it is removed. */
  id: string;
  /** Id of the last step that is known already. */
  after: string | undefined;
  onStep: OnStep;
  pause?: number;
}

/** What is asked of a stack. */
export type Followed = Pick<StackLook, 'find' | 'steps'>;

/**
 * Follows a stack until it is at rest. Throttling and a network that comes back are the SDK's business.
 * @returns how it ended; undefined when it is gone; the first step that failed
 */
export async function followStack(
  look: Followed,
  { id, after, onStep, pause = usualPause }: FollowAsked,
): Promise<{ stack: FoundStack | undefined; failed: StackStep | undefined }> {
  let last = after;
  let failed: StackStep | undefined;
  for (;;) {
    // The state first: what happened before it is then among the steps.
    const stack = await look.find(id);
    for (const step of stack ? await look.steps(last, id) : []) {
      last = step.id;
      if (isFailure(step)) failed ??= step;
      onStep(step);
    }
    if (!stack?.status.endsWith('_IN_PROGRESS')) return { stack, failed };
    await sleep(pause);
  }
}

/** Others are cancelled when one fails; and the stack itself fails because of its resources. */
const isFailure = ({ status, reason, type }: StackStep): boolean =>
  status.endsWith('_FAILED') &&
  type !== 'AWS::CloudFormation::Stack' &&
  !/^Resource (creation|update) cancelled/i.test(reason ?? '');

/** Id of the last step, before something is begun. */
export async function lastStep(look: StackLook): Promise<string | undefined> {
  return (await look.steps(undefined)).at(-1)?.id;
}

/** The error for a stack that did not come to what was wanted. */
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
