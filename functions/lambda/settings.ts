import type { StackLimits } from '../../core/stack.ts';

/** What the stack tells its functions of itself: variables that are called as its outputs. stack/functions.yml sets them. */

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
  // These are no outputs.
  stackName: 'GCD_STACK_NAME',
  clusterApiGroupId: 'GCD_CLUSTER_API_GROUP_ID',
  /** ARNs of the roles that act on clusters, comma separated. */
  writerRoleArns: 'GCD_WRITER_ROLE_ARNS',
  readerRoleArns: 'GCD_READER_ROLE_ARNS',
  bastionRoleArn: 'GCD_BASTION_ROLE_ARN',
  /** Whether the account has given the pods' role policies of its own: true or false. */
  podPolicies: 'GCD_POD_POLICIES',
  /** Lambda sets it. */
  region: 'AWS_REGION',
} as const;

export type Setting = keyof typeof variables;

/** Names of the variables, by what they hold. */
export const settingVariables: Readonly<Record<Setting, string>> = variables;

/** @throws Error when the stack did not set it, which is a mistake in stack/functions.yml */
export function setting(name: Setting): string {
  const value = process.env[variables[name]];
  if (!value) throw new Error(`the variable ${variables[name]} of the function is not set`);
  return value;
}

/** The parts of a setting that has several. */
export const settings = (name: Setting): string[] => setting(name).split(',');

/** A port of a function is made when it is first asked for, and kept for the calls that follow. */
export function once<Value>(make: () => Value): () => Value {
  let made: { value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** What the stack that the function is of allows a run. */
export const stackLimits = (): StackLimits => ({
  maxNodes: Number(setting('maxNodes')),
  instanceTypes: setting('instanceTypes'),
  maxDiskGiB: Number(setting('maxDiskGiB')),
});

/** The repository of the images: `uri` is `registry/name`. */
export function repository(): { name: string; uri: string } {
  const uri = setting('repositoryUri');
  return { name: uri.slice(uri.indexOf('/') + 1), uri };
}
