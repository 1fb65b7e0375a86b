/** Deletes the stack and its contents: CloudFormation keeps buckets and repositories that are not empty. */
import { DeleteStackCommand } from '@aws-sdk/client-cloudformation';
import type { AwsAccess } from '../../../core/config/dotenv.ts';
import { InUse, NotOurs } from '../../../core/errors/errors.ts';
import type { StackStep } from '../../../ports/account/deployment.ts';
import { emptyRepository } from '../codebuild/empty-repository.ts';
import { newS3Client } from '../s3/client.ts';
import { emptyBucket } from '../s3/empty-bucket.ts';
import { failure, followStack, lastStep, type OnStep } from './follow-stack.ts';
import { foreignResources } from './foreign-resources.ts';
import { isOurStack, StackClient } from './stack-client.ts';

export interface DeleteOptions {
  access: AwsAccess;
  region: string;
  name: string;
  onPhase(words: string): void;
  onStep: OnStep;
}

/** Whether there is a stack of that name, in any state. */
export async function stackIsThere({ access, name }: { access: AwsAccess; name: string }): Promise<boolean> {
  const client = new StackClient(access, name);
  try {
    return (await client.find()) !== undefined;
  } finally {
    client.close();
  }
}

/**
 * Empties the stack's buckets and repositories, deletes it, and waits for its end.
 * @returns resources that CloudFormation kept because the template says so; undefined when there is no stack
 * @throws DeployFailed with the first resource that could not be deleted; NotOurs, InUse, AccessDenied, Unreachable
 */
export async function removeStack(options: DeleteOptions): Promise<StackStep[] | undefined> {
  const { access, region, name, onPhase, onStep } = options;
  const client = new StackClient({ ...access, region }, name);
  const s3 = await newS3Client({ ...access, region });
  try {
    const stack = await client.find();
    if (!stack) return undefined;
    if (!isOurStack(stack))
      throw new NotOurs(`there is a stack ${name} in ${region} that gcd-sfn did not make`);
    const isBusy = stack.status.endsWith('_IN_PROGRESS') && stack.status !== 'REVIEW_IN_PROGRESS';
    if (isBusy && stack.status !== 'DELETE_IN_PROGRESS')
      throw new InUse(`stack ${name} is being changed by somebody else (${stack.status})`, {
        hint: 'Wait until that is complete, and try again.',
      });
    const resources = await client.resources();
    for (const { type, id } of resources) {
      const what = { 'AWS::S3::Bucket': 'bucket', 'AWS::ECR::Repository': 'repository' }[type];
      if (what === undefined) continue;
      onPhase(`emptying ${what} ${id}`);
      if (what === 'bucket') await emptyBucket(s3, id);
      else await emptyRepository({ ...access, region }, id);
    }
    onPhase('removing the stack');
    const after = await lastStep(client);
    await client.send(
      'DeleteStack',
      client.cloudFormation.send(new DeleteStackCommand({ StackName: stack.id })),
    );
    const retained: StackStep[] = [];
    const end = await followStack(client, {
      ...{ id: stack.id, after },
      onStep: (step) => {
        if (step.status === 'DELETE_SKIPPED') retained.push(step);
        onStep(step);
      },
    });
    if (end.stack && end.stack.status !== 'DELETE_COMPLETE')
      throw failure(name, 'removed', end, await hintFor({ ...access, region }, resources));
    return retained;
  } finally {
    s3.destroy();
    client.close();
  }
}

/** Names what others have created in the stack's network, which CloudFormation does not. */
async function hintFor(access: AwsAccess, resources: { type: string; id: string }[]): Promise<string> {
  const again = 'run gcd-sfn destroy again: it goes on.';
  const vpc = resources.find(({ type }) => type === 'AWS::EC2::VPC')?.id;
  const own = resources.map(({ id }) => id);
  // Without the permissions for it, CloudFormation's cause must do.
  const foreign = vpc ? await foreignResources(access, vpc, own).catch(() => []) : [];
  if (foreign.length === 0) return `Fix the cause, and ${again}`;
  return `In the stack's network there is what gcd-sfn did not make: ${foreign.join(', ')}. Remove that, the endpoints first, in the VPC console, and ${again}`;
}
