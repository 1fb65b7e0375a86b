/**
 * The ports of the functions: adapters to AWS and Kubernetes with the stack's settings, created at their first use.
 * `@__PURE__`, so that esbuild drops from a function's bundle those that it does not use.
 */
import { ownRole } from '../../adapters/aws/client/settings.ts';
import { CodeBuildImages } from '../../adapters/aws/codebuild/images.ts';
import { Ec2Bastions } from '../../adapters/aws/ec2/bastions.ts';
import { Ec2SshIngress } from '../../adapters/aws/ec2/ssh-ingress.ts';
import { EksClusters } from '../../adapters/aws/eks/clusters.ts';
import { EksIdentities } from '../../adapters/aws/eks/identities.ts';
import { eksKubernetes } from '../../adapters/aws/eks/kubernetes-client.ts';
import { machineOf } from '../../adapters/aws/eks/nodegroups/instance-type.ts';
import { EksNodegroups } from '../../adapters/aws/eks/nodegroups/nodegroups.ts';
import { AwsInventory } from '../../adapters/aws/inventory/inventory.ts';
import { AwsPrices } from '../../adapters/aws/prices/aws-prices.ts';
import { newS3Client, S3Store } from '../../adapters/aws/s3/index.ts';
import { S3Licences } from '../../adapters/aws/s3/licences.ts';
import { EventBridgeSchedules } from '../../adapters/aws/scheduler/schedules.ts';
import { SnsNotifier } from '../../adapters/aws/sns/notifier.ts';
import { SqsQueues } from '../../adapters/aws/sqs/queues.ts';
import { SfnEvents } from '../../adapters/aws/step-functions/execution-events.ts';
import { SfnExecutions } from '../../adapters/aws/step-functions/executions.ts';
import { SfnMapRuns } from '../../adapters/aws/step-functions/map-runs.ts';
import { JobReservations } from '../../adapters/kubernetes/job-reservations.ts';
import { once, repository, setting, settings } from './settings.ts';

export const bucketClient = /* @__PURE__ */ once(() => newS3Client(ownRole));

/** Gives the store below a prefix of the bucket; the prefix is empty, or ends with a slash. */
export const bucketStores = /* @__PURE__ */ once(async () => {
  const client = await bucketClient();
  return (prefix: string) => new S3Store({ client, bucket: setting('bucketName'), prefix });
});

export const kubernetes = /* @__PURE__ */ once(() => eksKubernetes(ownRole));

export const schedules = /* @__PURE__ */ once(
  () =>
    new EventBridgeSchedules({
      access: ownRole,
      group: setting('scheduleGroupName'),
      roleArn: setting('schedulerRoleArn'),
      machineArn: setting('runMachineArn'),
    }),
);

export const executions = /* @__PURE__ */ once(
  () =>
    new SfnExecutions({
      access: ownRole,
      machines: { run: setting('runMachineArn'), cleanup: setting('cleanUpMachineArn') },
    }),
);

export const executionEvents = /* @__PURE__ */ once(
  () => new SfnEvents({ access: ownRole, machine: setting('runMachineArn') }),
);

export const mapRuns = /* @__PURE__ */ once(
  () => new SfnMapRuns({ access: ownRole, machine: setting('runMachineArn') }),
);

export const queues = /* @__PURE__ */ once(
  () => new SqsQueues({ access: ownRole, prefix: setting('stackName') }),
);

export const licences = /* @__PURE__ */ once(
  async () => new S3Licences({ client: await bucketClient(), bucket: setting('bucketName') }),
);

export const images = /* @__PURE__ */ once(
  () =>
    new CodeBuildImages({
      access: ownRole,
      repository: repository(),
      project: setting('imageProjectName'),
    }),
);

export const identities = /* @__PURE__ */ once(
  () =>
    new EksIdentities({
      access: ownRole,
      podRoleArn: setting('podRoleArn'),
      bucket: setting('bucketName'),
      stack: setting('stackName'),
      region: setting('region'),
      mayMore: setting('podPolicies') === 'true',
    }),
);

export const clusters = /* @__PURE__ */ once(
  () =>
    new EksClusters({
      access: ownRole,
      roleArn: setting('clusterRoleArn'),
      subnetIds: settings('subnetIds'),
      apiGroupId: setting('clusterApiGroupId'),
      people: {
        writers: settings('writerRoleArns'),
        readers: settings('readerRoleArns'),
        bastion: setting('bastionRoleArn'),
      },
      kubernetes: kubernetes(),
    }),
);

export const nodegroups = /* @__PURE__ */ once(
  () =>
    new EksNodegroups({
      access: ownRole,
      nodeRoleArn: setting('nodeRoleArn'),
      subnetIds: settings('subnetIds'),
      launchTemplateId: setting('nodeTemplateId'),
      kubernetes: kubernetes(),
    }),
);

/** In the first of the stack's subnets. */
export const bastions = /* @__PURE__ */ once(
  () =>
    new Ec2Bastions({
      access: ownRole,
      subnetId: settings('subnetIds')[0] as string,
      securityGroupId: setting('sshOnlyGroupId'),
      profileArn: setting('bastionProfileArn'),
    }),
);

export const sshIngress = /* @__PURE__ */ once(
  () => new Ec2SshIngress({ access: ownRole, securityGroupId: setting('sshOnlyGroupId') }),
);

export const notifier = /* @__PURE__ */ once(
  () => new SnsNotifier({ access: ownRole, topicArn: setting('topicArn') }),
);

export const prices = /* @__PURE__ */ once(() => new AwsPrices({ access: ownRole }));

export const inventory = /* @__PURE__ */ once(
  async () =>
    new AwsInventory({
      access: ownRole,
      stack: setting('stackName'),
      bucket: setting('bucketName'),
      bucketClient: await bucketClient(),
      repository: repository().name,
      vpcId: setting('vpcId'),
      schedules: schedules(),
      executions: executions(),
      kubernetes: kubernetes(),
    }),
);

const reservesNothing = async (): Promise<never> => {
  throw new Error('this function is not made for reserving');
};

export const ledger = /* @__PURE__ */ once(
  () =>
    new JobReservations({
      kubernetes: kubernetes(),
      imageOf: reservesNothing,
      machineOf: reservesNothing,
      bucket: setting('bucketName'),
      region: setting('region'),
    }),
);

export const reservations = /* @__PURE__ */ once(
  () =>
    new JobReservations({
      kubernetes: kubernetes(),
      // It may still be built while workers are reserved, side by side with it; they start when it is there.
      imageOf: async (digest) => `${repository().uri}:${digest}`,
      machineOf: machineOf(ownRole),
      bucket: setting('bucketName'),
      region: setting('region'),
    }),
);
