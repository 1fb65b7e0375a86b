/** The stack that a deploy meets: its version, and ports onto what it may be at. */
import { systemClock } from '../../adapters/local/clock.ts';
import type { Cloud } from '../../runs/aws/cloud.ts';
import type { Account } from './account.ts';

export interface StackBefore {
  /** Null: it does not say. */
  version: string | null;
  /** Undefined where a first deploy has made no machines yet: nothing can be at work. */
  cloud: Pick<Cloud, 'executions' | 'store' | 'schedules' | 'clock'> | undefined;
}

/** By the few outputs that every version has. @returns undefined when there is no stack of that name */
export async function stackBefore({ access, stack }: Account): Promise<StackBefore | undefined> {
  const [{ StackClient }, aws] = await Promise.all([
    import('../../adapters/aws/cloudformation/stack-client.ts'),
    import('../../adapters/aws/index.ts'),
  ]);
  const look = new StackClient(access, stack);
  const found = await look.find().finally(() => look.close());
  if (!found) return undefined;
  const { Version, RunMachineArn: run, CleanUpMachineArn: cleanup, BucketName: bucket } = found.outputs;
  if (!run || !cleanup || !bucket) return { version: Version ?? null, cloud: undefined };
  const client = await aws.newS3Client(access);
  return {
    version: Version ?? null,
    cloud: {
      executions: new aws.SfnExecutions({ access, machines: { run, cleanup } }),
      store: (prefix) => new aws.S3Store({ client, bucket, prefix }),
      schedules: new aws.EventBridgeSchedules({
        access,
        group: found.outputs.ScheduleGroupName ?? '',
        roleArn: found.outputs.SchedulerRoleArn ?? '',
        machineArn: run,
      }),
      clock: systemClock,
    },
  };
}
