/** The stack before a deploy: its version, and ports to its running executions and schedules. */
import { systemClock } from '../../../core/system-clock.ts';
import type { Cloud } from '../../../runs/aws/cloud.ts';
import type { Account } from '../account.ts';

export interface DeployedStack {
  /** Null: unknown. */
  version: string | null;
  /** Undefined after an incomplete first deploy, which has no state machines. */
  cloud: Pick<Cloud, 'executions' | 'store' | 'schedules' | 'clock'> | undefined;
}

/** Reads only the outputs that every version has. @returns undefined when the stack does not exist */
export async function findDeployedStack({ access, stack }: Account): Promise<DeployedStack | undefined> {
  const [{ StackClient }, aws] = await Promise.all([
    import('../../../adapters/aws/cloudformation/stack-client.ts'),
    import('../../../adapters/aws/index.ts'),
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
