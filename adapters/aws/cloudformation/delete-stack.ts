/** Removes the stack with what is in it: CloudFormation leaves buckets and repositories that hold something. */
import { DeleteStackCommand } from '@aws-sdk/client-cloudformation';
import { InUse, NotOurs } from '../../../core/errors/errors.ts';
import type { StackStep } from '../../../ports/account/deployment.ts';
import { emptyRepository } from '../codebuild/empty-repository.ts';
import { type AwsAccess, newS3Client } from '../s3/client.ts';
import { emptyBucket } from '../s3/empty-bucket.ts';
import { failure, followStack, lastStep, type OnStep } from './follow-stack.ts';
import { strangersIn } from './foreign-resources.ts';
import { isOurStack, StackLook } from './stack-client.ts';

export interface RemoveAsked {
  access: AwsAccess;
  region: string;
  name: string;
  onPhase(words: string): void;
  onStep: OnStep;
}

/** Whether there is one of that name, in whatever state. */
export async function stackIsThere({ access, name }: { access: AwsAccess; name: string }): Promise<boolean> {
  const look = new StackLook(access, name);
  try {
    return (await look.find()) !== undefined;
  } finally {
    look.close();
  }
}

/**
 * Empties the stack's buckets and repositories, removes it, and waits until it is gone.
 * @returns resources that CloudFormation left because the template says so; undefined when there is no stack
 * @throws DeployFailed with the first resource that could not be removed; NotOurs, InUse, AccessDenied, Unreachable
 */
export async function removeStack(asked: RemoveAsked): Promise<StackStep[] | undefined> {
  const { access, region, name, onPhase, onStep } = asked;
  const look = new StackLook({ ...access, region }, name);
  const client = await newS3Client({ ...access, region });
  try {
    const stack = await look.find();
    if (!stack) return undefined;
    if (!isOurStack(stack))
      throw new NotOurs(`there is a stack ${name} in ${region} that gcd-sfn did not make`);
    const isBusy = stack.status.endsWith('_IN_PROGRESS') && stack.status !== 'REVIEW_IN_PROGRESS';
    if (isBusy && stack.status !== 'DELETE_IN_PROGRESS')
      throw new InUse(`stack ${name} is being changed by somebody else (${stack.status})`, {
        hint: 'Wait until that is through, and try again.',
      });
    const resources = await look.resources();
    for (const { type, id } of resources) {
      const what = { 'AWS::S3::Bucket': 'bucket', 'AWS::ECR::Repository': 'repository' }[type];
      if (what === undefined) continue;
      onPhase(`emptying ${what} ${id}`);
      if (what === 'bucket') await emptyBucket(client, id);
      else await emptyRepository({ ...access, region }, id);
    }
    onPhase('removing the stack');
    const after = await lastStep(look);
    await look.ask('DeleteStack', () => look.client.send(new DeleteStackCommand({ StackName: stack.id })));
    const retained: StackStep[] = [];
    const end = await followStack(look, {
      ...{ id: stack.id, after },
      onStep: (step) => {
        if (step.status === 'DELETE_SKIPPED') retained.push(step);
        onStep(step);
      },
    });
    if (end.stack && end.stack.status !== 'DELETE_COMPLETE')
      throw failure(name, 'removed', end, await mendOf({ ...access, region }, resources));
    return retained;
  } finally {
    client.destroy();
    look.close();
  }
}

/** What to do about it; with what others have put into the network, which CloudFormation does not name. */
async function mendOf(access: AwsAccess, resources: { type: string; id: string }[]): Promise<string> {
  const again = 'run gcd-sfn destroy again: it goes on.';
  const vpc = resources.find(({ type }) => type === 'AWS::EC2::VPC')?.id;
  const own = resources.map(({ id }) => id);
  // Without the right to look, the cause that CloudFormation tells has to do.
  const strangers = vpc ? await strangersIn(access, vpc, own).catch(() => []) : [];
  if (strangers.length === 0) return `Mend the cause, and ${again}`;
  return `In the stack's network there is what gcd-sfn did not make: ${strangers.join(', ')}. Remove that, the endpoints first, in the VPC console, and ${again}`;
}
