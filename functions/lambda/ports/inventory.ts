import { ownRole } from '../../../adapters/aws/client/settings.ts';
import { AwsInventory } from '../../../adapters/aws/inventory/inventory.ts';
import { once } from '../once.ts';
import { repository } from '../repository.ts';
import { setting } from '../settings.ts';
import { bucketClient } from './bucket.ts';
import { executions } from './executions.ts';
import { kubernetes } from './kubernetes.ts';
import { schedules } from './schedules.ts';

export const inventory = once(
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
