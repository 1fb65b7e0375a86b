/** Finds the stack, and reads the names and ARNs of its resources from its outputs. */
import type { AwsAccess } from '../../../core/config/dotenv.ts';
import { NotFound } from '../../../core/errors/errors.ts';
import type { StackLimits } from '../../../core/stack.ts';
import type { StackParts } from '../../../ports/account/stack.ts';
import { isChanging, StackClient } from './stack-client.ts';

/** Outputs by their names here. */
const outputs = {
  bucket: 'BucketName',
  imageProject: 'ImageProjectName',
  topicArn: 'TopicArn',
  runMachineArn: 'RunMachineArn',
  cleanUpMachineArn: 'CleanUpMachineArn',
  scheduleGroup: 'ScheduleGroupName',
  schedulerRoleArn: 'SchedulerRoleArn',
  clusterRoleArn: 'ClusterRoleArn',
  nodeRoleArn: 'NodeRoleArn',
  podRoleArn: 'PodRoleArn',
  bastionProfileArn: 'BastionProfileArn',
  vpcId: 'VpcId',
  sshOnlyGroupId: 'SshOnlyGroupId',
  nodeTemplateId: 'NodeTemplateId',
} as const;

/**
 * @returns undefined when there is no stack of that name
 * @throws NotFound when outputs are missing, as in an incomplete stack or one of another version; AccessDenied, Unreachable
 */
export async function findStack({
  access,
  name,
}: {
  access: AwsAccess;
  name: string;
}): Promise<StackParts | undefined> {
  const client = new StackClient(access, name);
  try {
    const found = await client.find();
    return found && { ...partsOf(name, found.id, found.outputs), isChanging: isChanging(found) };
  } finally {
    client.close();
  }
}

/** @param id the stack's ARN, which has region and account */
export function partsOf(
  name: string,
  id: string,
  given: Record<string, string>,
): Omit<StackParts, 'isChanging'> {
  const [, , , region = '', account = ''] = id.split(':');
  const missing: string[] = [];
  const need = (output: string): string => {
    const value = given[output];
    if (!value) missing.push(output);
    return value ?? '';
  };
  const single = Object.fromEntries(
    Object.entries(outputs).map(([part, output]) => [part, need(output)]),
  ) as Record<keyof typeof outputs, string>;
  const uri = need('RepositoryUri');
  const subnetIds = need('SubnetIds').split(',');
  if (missing.length > 0)
    throw new NotFound(
      `stack ${name} in ${region} is incomplete, or of another version: it lacks ${missing.join(', ')}`,
      { hint: `Deploy again: gcd-sfn deploy --stack ${name} --region ${region}` },
    );
  return {
    ...{ name, region, account, subnetIds, version: given.Version ?? null },
    notifyTopics: (given.NotifyTopics ?? '').split(',').filter((one) => one !== ''),
    repository: { name: uri.slice(uri.indexOf('/') + 1), uri },
    ...single,
    limits: limitsOf(given),
  };
}

function limitsOf({ MaxNodes, InstanceTypes, MaxDiskGiB }: Record<string, string>): StackLimits | null {
  if (!MaxNodes || !InstanceTypes || !MaxDiskGiB) return null;
  return { maxNodes: Number(MaxNodes), instanceTypes: InstanceTypes, maxDiskGiB: Number(MaxDiskGiB) };
}
