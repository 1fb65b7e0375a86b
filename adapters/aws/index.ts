/** AWS for the command line, which imports it when it is needed: it loads the AWS SDK. */

export { callerOf } from './client/caller.ts';
export { findStack } from './cloudformation/stack-outputs.ts';
export { clusterNames } from './eks/requests.ts';
export { AwsPrices } from './prices/aws-prices.ts';
export { AwsQuotas } from './quotas/quotas.ts';
export { newS3Client, OpenBucket, S3Store } from './s3/index.ts';
export { S3Licences } from './s3/licences.ts';
export { EventBridgeSchedules } from './scheduler/schedules.ts';
export { SnsNotifier } from './sns/notifier.ts';
export { SfnEvents } from './step-functions/execution-events.ts';
export { SfnExecutions } from './step-functions/executions.ts';
