/** Names and ARNs of the stack's resources (stack outputs). */

import type { StackLimits } from '../../core/stack.ts';

export interface StackParts {
  name: string;
  /** Version of gcd-sfn that deployed it; null: older than this output. */
  version: string | null;
  /** Whether it is being deployed or deleted. */
  isChanging: boolean;
  region: string;
  /** Account id. */
  account: string;
  bucket: string;
  repository: { name: string; uri: string };
  imageProject: string;
  topicArn: string;
  /** ARNs of the topics that the stack may publish to. */
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
  /** Its limits for runs; null: it is older than limits. */
  limits: StackLimits | null;
}
