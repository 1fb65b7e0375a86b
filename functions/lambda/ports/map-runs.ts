import { ownRole } from '../../../adapters/aws/client/settings.ts';
import { SfnMapRuns } from '../../../adapters/aws/step-functions/map-runs.ts';
import { once } from '../once.ts';
import { setting } from '../settings.ts';

export const mapRuns = once(() => new SfnMapRuns({ access: ownRole, machine: setting('runMachineArn') }));
