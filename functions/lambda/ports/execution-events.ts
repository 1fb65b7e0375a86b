import { ownRole } from '../../../adapters/aws/client/settings.ts';
import { SfnEvents } from '../../../adapters/aws/step-functions/execution-events.ts';
import { once } from '../once.ts';
import { setting } from '../settings.ts';

export const executionEvents = once(
  () => new SfnEvents({ access: ownRole, machine: setting('runMachineArn') }),
);
