/**
 * Creates or updates the stack: first a stack with only a bucket for the functions' code, then a change set with the rest.
 */

import { randomBytes } from 'node:crypto';
import { CreateStackCommand, DeleteStackCommand, type Parameter } from '@aws-sdk/client-cloudformation';
import type { AwsAccess } from '../../../core/config/dotenv.ts';
import { DeployFailed, InUse, NotFound, NotOurs } from '../../../core/errors/errors.ts';
import type { StackChange } from '../../../ports/account/deployment.ts';
import { stackTags, tagList } from '../client/tags.ts';
import { newS3Client } from '../s3/client.ts';
import { createChangeSet, deleteChangeSet, executeChangeSet } from './change-set.ts';
import { failure, followStack, lastStep, type OnStep } from './follow-stack.ts';
import { type FoundStack, isOurStack, StackClient } from './stack-client.ts';
import { readPackage, type StackPackage } from './stack-package.ts';
import { prune, upload } from './upload-package.ts';

export interface DeployOptions {
  access: AwsAccess;
  /** Of the stack. */
  region: string;
  name: string;
  /** The packaged stack, made by scripts/package-stack.ts. */
  folder: string;
  /** Values of the template's parameters; null for the template's default. Others keep the stack's values. */
  parameters?: Record<string, string | null>;
  /**
   * Called before anything is created or changed.
   * @param changes of resources, all of them additions when the stack is new; empty when only its outputs change
   */
  confirm(changes: StackChange[], isNew: boolean): Promise<boolean>;
  /** Called with a few words at each phase. */
  onPhase(words: string): void;
  onStep: OnStep;
}

export type DeployOutcome = 'created' | 'changed' | 'unchanged' | 'refused';

/**
 * @returns `refused` when `confirm` answered no; nothing has been changed then
 * @throws DeployFailed with the first resource that failed; CloudFormation has rolled back by then. NotOurs, InUse,
 * AccessDenied, Unreachable
 */
export async function deployStack(options: DeployOptions): Promise<DeployOutcome> {
  const { access, region, name, folder, confirm, onPhase, onStep } = options;
  const pack = await readPackage(folder);
  const client = new StackClient({ ...access, region }, name);
  const s3 = await newS3Client({ ...access, region });
  try {
    const before = await usable(client, await client.find(), options);
    if (!before && !(await confirm(allOf(pack), true))) return 'refused';
    const stack = before ?? (await createFirst(client, pack, options));
    const bucket = await deploymentBucket(client);
    onPhase(`uploading to ${bucket}`);
    const sent = await upload({ client: s3, bucket }, pack.files);
    onPhase(sent === 0 ? 'everything is there already' : `${sent} of ${pack.files.size} files were new`);
    const changeSet = `gcd-sfn-${randomBytes(8).toString('hex')}`;
    const templateUrl = urlOf(bucket, region, pack.templateKey);
    const { isEmpty, changes } = await createChangeSet(client, {
      name: changeSet,
      templateUrl,
      tags: stackTags(name),
      parameters: parametersFor(pack.defaults, options.parameters ?? {}, stack.parameters),
    });
    if (isEmpty && before) return 'unchanged';
    if (
      before &&
      !(await answer(
        () => confirm(changes, false),
        () => deleteChangeSet(client, changeSet),
      ))
    )
      return 'refused';
    onPhase(before ? 'changing the stack' : 'making the rest of the stack');
    const after = await lastStep(client);
    await executeChangeSet(client, changeSet);
    const end = await followStack(client, { id: stack.id, after, onStep });
    if (end.stack?.status !== 'UPDATE_COMPLETE')
      throw failure(
        name,
        before ? 'changed' : 'made',
        end,
        'CloudFormation has rolled the stack back. Fix the cause, and deploy again.',
      );
    await prune({ client: s3, bucket }, pack.files);
    return before ? 'changed' : 'created';
  } finally {
    s3.destroy();
    client.close();
  }
}

/** @param otherwise called when the answer is no, or `ask` throws */
async function answer(ask: () => Promise<boolean>, otherwise: () => Promise<void>): Promise<boolean> {
  let isYes = false;
  try {
    isYes = await ask();
  } finally {
    if (!isYes) await otherwise();
  }
  return isYes;
}

/** Names the stack's parameters, too: for others CloudFormation takes the template's defaults. */
function parametersFor(
  defaults: Map<string, string>,
  given: Record<string, string | null>,
  before: string[],
): Parameter[] {
  const parameters: Parameter[] = [];
  for (const [ParameterKey, ParameterValue] of defaults) {
    const value = given[ParameterKey];
    if (value !== undefined) parameters.push({ ParameterKey, ParameterValue: value ?? ParameterValue });
    else if (before.includes(ParameterKey)) parameters.push({ ParameterKey, UsePreviousValue: true });
  }
  return parameters;
}

/** All resources, as additions. */
const allOf = ({ counts }: StackPackage): StackChange[] =>
  [...counts].flatMap(([type, number]) =>
    Array.from({ length: number }, () => ({ what: 'add' as const, resource: '', type })),
  );

/** @returns undefined when there is no stack, or it was deleted because it cannot be changed */
async function usable(
  client: StackClient,
  found: FoundStack | undefined,
  { name, region, onPhase, onStep }: DeployOptions,
): Promise<FoundStack | undefined> {
  if (!found) return undefined;
  const { id, status } = found;
  if (!isOurStack(found))
    throw new NotOurs(`there is a stack ${name} in ${region} that gcd-sfn did not make`, {
      hint: 'Take another name: gcd-sfn deploy --stack NAME',
    });
  // A stack that was never created cannot be changed.
  if (['ROLLBACK_COMPLETE', 'REVIEW_IN_PROGRESS'].includes(status)) {
    onPhase(`deleting what is left of an earlier attempt (${status})`);
    const after = await lastStep(client);
    await client.send('DeleteStack', client.cloudFormation.send(new DeleteStackCommand({ StackName: id })));
    const end = await followStack(client, { id, after, onStep });
    if (end.stack && end.stack.status !== 'DELETE_COMPLETE')
      throw failure(name, 'removed', end, 'Remove it in the CloudFormation console, and deploy again.');
    return undefined;
  }
  if (status.endsWith('_IN_PROGRESS'))
    throw new InUse(`stack ${name} is being changed by somebody else (${status})`, {
      hint: 'Wait until that is complete, and deploy again.',
    });
  if (status.endsWith('_FAILED'))
    throw new DeployFailed(`stack ${name} is stuck in ${status}`, {
      hint:
        status === 'UPDATE_ROLLBACK_FAILED'
          ? `aws cloudformation continue-update-rollback --region ${region} --stack-name ${name}, then deploy again.`
          : `gcd-sfn destroy --stack ${name} --region ${region}, then deploy again.`,
    });
  return found;
}

async function createFirst(
  client: StackClient,
  { first }: StackPackage,
  { name, onPhase, onStep }: DeployOptions,
): Promise<FoundStack> {
  onPhase('making the stack, with the bucket that its code goes into');
  const { StackId = '' } = await client.send(
    'CreateStack',
    client.cloudFormation.send(
      new CreateStackCommand({
        StackName: name,
        TemplateBody: first,
        Tags: tagList(stackTags(name)),
      }),
    ),
  );
  const end = await followStack(client, { id: StackId, after: undefined, onStep });
  if (end.stack?.status === 'CREATE_COMPLETE') return end.stack;
  throw failure(name, 'made', end, 'Fix the cause, and deploy again.');
}

async function deploymentBucket(client: StackClient): Promise<string> {
  const found = (await client.resources()).find(({ name }) => name === 'ServerlessDeploymentBucket');
  if (found) return found.id;
  throw new NotFound(`stack ${client.name} has no bucket for the code of its functions`, {
    hint: `Remove it, and deploy again: gcd-sfn destroy --stack ${client.name}`,
  });
}

/** The address by which CloudFormation reads an object, with the caller's permissions. */
function urlOf(bucket: string, region: string, key: string): string {
  const suffix = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  return `https://${bucket}.s3.${region}.${suffix}/${key}`;
}
