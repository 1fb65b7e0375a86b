/** Connects to a stack: its outputs, and an adapter for each of its resources. */

import { NotFound } from '../../core/errors/errors.ts';
import { defaultStackName } from '../../core/stack.ts';
import { systemClock } from '../../core/system-clock.ts';
import type { Connect } from '../../runs/aws/aws-run.ts';
import { awsAccess } from './options.ts';

export type { Connect };

/**
 * Loads the AWS SDK, which is large; nothing loads it earlier.
 * @throws NotFound when the stack does not exist; UsageError when no region is configured; AccessDenied, Unreachable
 */
export const connect: Connect = async ({ stack: name, region }) => {
  const aws = await import('../../adapters/aws/index.ts');
  const given = await awsAccess(region === null ? {} : { region });
  const caller = await aws.callerOf(given);
  const access = { ...given, region: caller.region };
  const stack = await aws.findStack({ access, name });
  if (!stack) {
    const which = `${name === defaultStackName ? '' : ` --stack ${name}`} --region ${caller.region}`;
    throw new NotFound(`there is no stack ${name} in ${caller.region}, account ${caller.account}`, {
      hint: `Create it: gcd-sfn deploy${which}. Or name another with --stack, or another region with --region or in config.yaml.`,
    });
  }
  const client = await aws.newS3Client(access);
  const { bucket } = stack;
  return {
    stack,
    caller: caller.arn,
    store: (prefix) => new aws.S3Store({ client, bucket, prefix }),
    data: (place, how) => new aws.OpenBucket(access, place.bucket, how).store(place.prefix),
    executions: new aws.SfnExecutions({
      access,
      machines: { run: stack.runMachineArn, cleanup: stack.cleanUpMachineArn },
    }),
    events: new aws.SfnEvents({ access, machine: stack.runMachineArn }),
    licences: new aws.S3Licences({ client, bucket }),
    prices: new aws.AwsPrices({ access }),
    notifier: new aws.SnsNotifier({ access, topicArn: stack.topicArn }),
    schedules: new aws.EventBridgeSchedules({
      access,
      group: stack.scheduleGroup,
      roleArn: stack.schedulerRoleArn,
      machineArn: stack.runMachineArn,
    }),
    quotas: new aws.AwsQuotas({ access }),
    clusterNames: () => aws.clusterNames(access),
    clock: systemClock,
  };
};
