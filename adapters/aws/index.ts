/** What the command line takes from here for runs on AWS; a bundle of its own, because it brings the AWS SDK. */

export { callerOf } from './client/caller.ts';
export { findStack } from './cloudformation/stack-outputs.ts';
export { clusterNames } from './eks/cluster-names.ts';
export { AwsPrices } from './prices/aws-prices.ts';
export { AwsQuotas } from './quotas/quotas.ts';
export { newS3Client, OpenBucket, S3Store } from './s3/index.ts';
export { S3Licences } from './s3/licences.ts';
export { EventBridgeSchedules } from './scheduler/schedules.ts';
export { SnsNotifier } from './sns/notifier.ts';
export { SfnEvents } from './step-functions/execution-events.ts';
export { SfnExecutions } from './step-functions/executions.ts';
