/**
 * Makes the stack, or makes it what this version wants: a first stack with nothing but a bucket, into which the
 * functions' code goes, and then a change set with the rest.
 */

import { randomBytes } from 'node:crypto';
import { CreateStackCommand, DeleteStackCommand, type Parameter } from '@aws-sdk/client-cloudformation';
import { DeployFailed, InUse, NotFound, NotOurs } from '../../../core/errors/errors.ts';
import type { StackChange } from '../../../ports/account/deployment.ts';
import { type AwsAccess, newS3Client } from '../s3/client.ts';
import { applyChanges, dropChanges, planChanges } from './change-set.ts';
import { failure, followStack, lastStep, type OnStep } from './follow-stack.ts';
import { type FoundStack, isOurStack, StackLook } from './stack-client.ts';
import { readPackage, type StackPackage } from './stack-package.ts';
import { prune, upload } from './upload-package.ts';

export interface DeployAsked {
  access: AwsAccess;
  /** In which the stack is, or is to be. */
  region: string;
  name: string;
  /** Folder with what scripts/package-stack.ts makes. */
  folder: string;
  /** Values of the template's parameters; null: as the template has it. What is not named keeps the value that the stack has. */
  parameters?: Record<string, string | null>;
  /**
   * Asked before anything is made or changed; what it throws ends it.
   * @param changes of resources, all of them added when the stack is new; empty when only its outputs change
   */
  confirm(changes: StackChange[], isNew: boolean): Promise<boolean>;
  /** Told what goes on, in a few words. */
  onPhase(words: string): void;
  onStep: OnStep;
}

export type DeployOutcome = 'created' | 'changed' | 'unchanged' | 'refused';

/**
 * @returns `refused` when `confirm` said no; nothing has been made then
 * @throws DeployFailed with the first resource that failed; CloudFormation has rolled back by then. NotOurs, InUse,
 * AccessDenied, Unreachable
 */
export async function deployStack(asked: DeployAsked): Promise<DeployOutcome> {
  const { access, region, name, folder, confirm, onPhase, onStep } = asked;
  const pack = await readPackage(folder);
  const look = new StackLook({ ...access, region }, name);
  const client = await newS3Client({ ...access, region });
  try {
    const before = await usable(look, await look.find(), asked);
    if (!before && !(await confirm(allOf(pack), true))) return 'refused';
    const stack = before ?? (await createFirst(look, pack, asked));
    const bucket = await deploymentBucket(look);
    onPhase(`uploading to ${bucket}`);
    const sent = await upload({ client, bucket }, pack.files);
    onPhase(sent === 0 ? 'everything is there already' : `${sent} of ${pack.files.size} files were new`);
    const changeSet = `gcd-sfn-${randomBytes(8).toString('hex')}`;
    const templateUrl = urlOf(bucket, region, pack.templateKey);
    const { isEmpty, changes } = await planChanges(look, {
      name: changeSet,
      templateUrl,
      tags: tagsOf(name),
      parameters: parametersFor(pack.defaults, asked.parameters ?? {}, stack.parameters),
    });
    if (isEmpty && before) return 'unchanged';
    if (
      before &&
      !(await answer(
        () => confirm(changes, false),
        () => dropChanges(look, changeSet),
      ))
    )
      return 'refused';
    onPhase(before ? 'changing the stack' : 'making the rest of the stack');
    const after = await lastStep(look);
    await applyChanges(look, changeSet);
    const end = await followStack(look, { id: stack.id, after, onStep });
    if (end.stack?.status !== 'UPDATE_COMPLETE')
      throw failure(
        name,
        before ? 'changed' : 'made',
        end,
        'CloudFormation has taken back what it had done. Mend the cause, and deploy again.',
      );
    await prune({ client, bucket }, pack.files);
    return before ? 'changed' : 'created';
  } finally {
    client.destroy();
    look.close();
  }
}

/** @param otherwise done when the answer is no, or there is none */
async function answer(ask: () => Promise<boolean>, otherwise: () => Promise<void>): Promise<boolean> {
  let isYes = false;
  try {
    isYes = await ask();
  } finally {
    if (!isYes) await otherwise();
  }
  return isYes;
}

/** CloudFormation would take the template's default for what is not named, whatever the stack has. */
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

/** What the whole stack has, as changes to none. */
const allOf = ({ counts }: StackPackage): StackChange[] =>
  [...counts].flatMap(([type, number]) =>
    Array.from({ length: number }, () => ({ what: 'add' as const, resource: '', type })),
  );

/** @returns undefined when there is none, or none any more */
async function usable(
  look: StackLook,
  found: FoundStack | undefined,
  { name, region, onPhase, onStep }: DeployAsked,
): Promise<FoundStack | undefined> {
  if (!found) return undefined;
  const { id, status } = found;
  if (!isOurStack(found))
    throw new NotOurs(`there is a stack ${name} in ${region} that gcd-sfn did not make`, {
      hint: 'Take another name: gcd-sfn deploy --stack NAME',
    });
  // Neither can be changed: what was to be made was never there.
  if (['ROLLBACK_COMPLETE', 'REVIEW_IN_PROGRESS'].includes(status)) {
    onPhase(`removing what is left of an earlier try (${status})`);
    const after = await lastStep(look);
    await look.ask('DeleteStack', () => look.client.send(new DeleteStackCommand({ StackName: id })));
    const end = await followStack(look, { id, after, onStep });
    if (end.stack && end.stack.status !== 'DELETE_COMPLETE')
      throw failure(name, 'removed', end, 'Remove it in the CloudFormation console, and deploy again.');
    return undefined;
  }
  if (status.endsWith('_IN_PROGRESS'))
    throw new InUse(`stack ${name} is being changed by somebody else (${status})`, {
      hint: 'Wait until that is through, and deploy again.',
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
  look: StackLook,
  { first }: StackPackage,
  { name, onPhase, onStep }: DeployAsked,
): Promise<FoundStack> {
  onPhase('making the stack, with the bucket that its code goes into');
  const { StackId = '' } = await look.ask('CreateStack', () =>
    look.client.send(
      new CreateStackCommand({
        StackName: name,
        TemplateBody: first,
        Tags: Object.entries(tagsOf(name)).map(([Key, Value]) => ({ Key, Value })),
      }),
    ),
  );
  const end = await followStack(look, { id: StackId, after: undefined, onStep });
  if (end.stack?.status === 'CREATE_COMPLETE') return end.stack;
  throw failure(name, 'made', end, 'Mend the cause, and deploy again.');
}

async function deploymentBucket(look: StackLook): Promise<string> {
  const found = (await look.resources()).find(({ name }) => name === 'ServerlessDeploymentBucket');
  if (found) return found.id;
  throw new NotFound(`stack ${look.name} has no bucket for the code of its functions`, {
    hint: `Remove it, and deploy again: gcd-sfn destroy --stack ${look.name}`,
  });
}

/** CloudFormation passes them on to the stack's resources. */
const tagsOf = (name: string) => ({ managedBy: 'gcd-sfn', 'gcd-sfn:stack': name });

/** Where CloudFormation finds an object; it reads with the caller's permissions. */
function urlOf(bucket: string, region: string, key: string): string {
  const suffix = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  return `https://${bucket}.s3.${region}.${suffix}/${key}`;
}
