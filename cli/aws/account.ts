/** The AWS account that a command works on: credentials, region, stack name. */
import type { AwsAccess } from '../../core/config/dotenv.ts';
import { NotFound } from '../../core/errors/errors.ts';
import type { Inventory } from '../../ports/account/inventory.ts';
import type { StackParts } from '../../ports/account/stack.ts';
import { awsAccess, type StackOptions, stackName } from './options.ts';

export interface Account {
  access: AwsAccess & { region: string };
  region: string;
  /** Account number. */
  account: string;
  /** ARN of the caller. */
  arn: string;
  /** Name of the stack, which may not exist. */
  stack: string;
}

/** @throws UsageError when no region is known; Unreachable when there are no valid credentials */
export async function openAccount(options: StackOptions): Promise<Account> {
  const stack = stackName(options);
  const access = await awsAccess(options);
  const { callerOf } = await import('../../adapters/aws/client/caller.ts');
  const { account, arn, region } = await callerOf(access);
  return { access: { ...access, region }, region, account, arn, stack };
}

/** @throws NotFound when the stack does not exist or is incomplete */
export async function requireStack({ access, region, stack }: Account): Promise<StackParts> {
  const { findStack } = await import('../../adapters/aws/cloudformation/stack-outputs.ts');
  const found = await findStack({ access, name: stack });
  if (found) return found;
  throw new NotFound(`there is no stack ${stack} in ${region}`, {
    hint: `Create it: gcd-sfn deploy --stack ${stack} --region ${region}`,
  });
}

/** @param parts undefined when the stack is incomplete: then only tagged resources are found */
export async function openInventory(
  { access, stack }: Account,
  parts: StackParts | undefined,
): Promise<Inventory> {
  const [{ AwsInventory }, { newS3Client }, { eksKubernetes }, { EventBridgeSchedules }, { SfnExecutions }] =
    await Promise.all([
      import('../../adapters/aws/inventory/inventory.ts'),
      import('../../adapters/aws/s3/index.ts'),
      import('../../adapters/aws/eks/kubernetes-client.ts'),
      import('../../adapters/aws/scheduler/schedules.ts'),
      import('../../adapters/aws/step-functions/executions.ts'),
    ]);
  const schedules =
    parts &&
    new EventBridgeSchedules({
      access,
      group: parts.scheduleGroup,
      roleArn: parts.schedulerRoleArn,
      machineArn: parts.runMachineArn,
    });
  return new AwsInventory({
    ...{ access, stack },
    bucket: parts?.bucket ?? null,
    bucketClient: await newS3Client(access),
    repository: parts?.repository.name ?? null,
    vpcId: parts?.vpcId ?? null,
    schedules: schedules ?? null,
    executions: parts
      ? new SfnExecutions({
          access,
          machines: { run: parts.runMachineArn, cleanup: parts.cleanUpMachineArn },
        })
      : null,
    kubernetes: eksKubernetes(access),
  });
}
