/** The stack as CloudFormation made it: what the parts of an account that belong to it are called. */

import type { StackLimits } from '../../core/stack.ts';

export interface StackParts {
  name: string;
  /** Of the program that made it; null: of before it was written down. */
  version: string | null;
  /** Somebody is deploying it, or removing it. */
  isChanging: boolean;
  region: string;
  /** Number of the account. */
  account: string;
  bucket: string;
  repository: { name: string; uri: string };
  imageProject: string;
  topicArn: string;
  /** ARNs of the topics that the stack may publish to; none when it does not say. */
  notifyTopics: string[];
  runMachineArn: string;
  cleanUpMachineArn: string;
  scheduleGroup: string;
  schedulerRoleArn: string;
  clusterRoleArn: string;
  nodeRoleArn: string;
  podRoleArn: string;
  bastionProfileArn: string;
  vpcId: string;
  subnetIds: string[];
  sshOnlyGroupId: string;
  nodeTemplateId: string;
  /** What it allows a run; null: it was made before it had limits. */
  limits: StackLimits | null;
}
