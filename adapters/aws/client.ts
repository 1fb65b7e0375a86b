/** What the command line takes from here for runs on AWS; a bundle of its own, because it brings the AWS SDK. */
export { AwsQuotas } from './aws-quotas.ts';
export { callerOf } from './caller.ts';
export { clusterNames } from './eks-cluster-names.ts';
export { EventBridgeSchedules } from './eventbridge-schedules.ts';
export { AwsPrices } from './prices/aws-prices.ts';
export { newS3Client, OpenBucket, S3Store } from './s3.ts';
export { S3Licences } from './s3-licences.ts';
export { SfnEvents } from './sfn-events.ts';
export { SfnExecutions } from './sfn-executions.ts';
export { SnsNotifier } from './sns-notifier.ts';
export { findStack } from './stack.ts';
