import { ownRole } from '../../../adapters/aws/client/settings.ts';
import { SfnExecutions } from '../../../adapters/aws/step-functions/executions.ts';
import { once } from '../once.ts';
import { setting } from '../settings.ts';

export const executions = once(
  () =>
    new SfnExecutions({
      access: ownRole,
      machines: { run: setting('runMachineArn'), cleanup: setting('cleanUpMachineArn') },
    }),
);
