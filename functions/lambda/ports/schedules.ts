import { ownRole } from '../../../adapters/aws/client/settings.ts';
import { EventBridgeSchedules } from '../../../adapters/aws/scheduler/schedules.ts';
import { once } from '../once.ts';
import { setting } from '../settings.ts';

export const schedules = once(
  () =>
    new EventBridgeSchedules({
      access: ownRole,
      group: setting('scheduleGroupName'),
      roleArn: setting('schedulerRoleArn'),
      machineArn: setting('runMachineArn'),
    }),
);
