import type { StackLimits } from '../../core/stack.ts';

/** Environment variables of the functions, named as the stack's outputs; stack/functions.yml sets them. */

const variables = {
  bucketName: 'GCD_BUCKET_NAME',
  repositoryUri: 'GCD_REPOSITORY_URI',
  imageProjectName: 'GCD_IMAGE_PROJECT_NAME',
  topicArn: 'GCD_TOPIC_ARN',
  runMachineArn: 'GCD_RUN_MACHINE_ARN',
  cleanUpMachineArn: 'GCD_CLEAN_UP_MACHINE_ARN',
  scheduleGroupName: 'GCD_SCHEDULE_GROUP_NAME',
  schedulerRoleArn: 'GCD_SCHEDULER_ROLE_ARN',
  clusterRoleArn: 'GCD_CLUSTER_ROLE_ARN',
  nodeRoleArn: 'GCD_NODE_ROLE_ARN',
  podRoleArn: 'GCD_POD_ROLE_ARN',
  bastionProfileArn: 'GCD_BASTION_PROFILE_ARN',
  vpcId: 'GCD_VPC_ID',
  /** Comma separated. */
  subnetIds: 'GCD_SUBNET_IDS',
  sshOnlyGroupId: 'GCD_SSH_ONLY_GROUP_ID',
  nodeTemplateId: 'GCD_NODE_TEMPLATE_ID',
  version: 'GCD_VERSION',
  maxNodes: 'GCD_MAX_NODES',
  /** Patterns, comma separated. */
  instanceTypes: 'GCD_INSTANCE_TYPES',
  maxDiskGiB: 'GCD_MAX_DISK_GIB',
  // The following are not outputs.
  stackName: 'GCD_STACK_NAME',
  clusterApiGroupId: 'GCD_CLUSTER_API_GROUP_ID',
  /** ARNs of the roles that act on clusters, comma separated. */
  writerRoleArns: 'GCD_WRITER_ROLE_ARNS',
  readerRoleArns: 'GCD_READER_ROLE_ARNS',
  bastionRoleArn: 'GCD_BASTION_ROLE_ARN',
  /** Whether the account attached policies of its own to the pods' role: true or false. */
  podPolicies: 'GCD_POD_POLICIES',
  /** Lambda sets it. */
  region: 'AWS_REGION',
} as const;

export type Setting = keyof typeof variables;

/** Names of the variables, by setting. */
export const settingVariables: Readonly<Record<Setting, string>> = variables;

/** @throws Error if it is not set, which is a bug in stack/functions.yml */
export function setting(name: Setting): string {
  const value = process.env[variables[name]];
  if (!value) throw new Error(`the environment variable ${variables[name]} is not set`);
  return value;
}

/** The values of a comma-separated setting. */
export const settings = (name: Setting): string[] => setting(name).split(',');

/** Creates the value at the first call, and keeps it for later invocations. */
export function once<Value>(make: () => Value): () => Value {
  let made: { value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** The limits that the stack sets on runs. */
export const stackLimits = (): StackLimits => ({
  maxNodes: Number(setting('maxNodes')),
  instanceTypes: setting('instanceTypes'),
  maxDiskGiB: Number(setting('maxDiskGiB')),
});

/** The ECR repository of the images; `uri` is `registry/name`. */
export function repository(): { name: string; uri: string } {
  const uri = setting('repositoryUri');
  return { name: uri.slice(uri.indexOf('/') + 1), uri };
}
