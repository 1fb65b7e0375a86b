import { systemClock } from '../../core/system-clock.ts';
import { bastionName, bastionRequest } from '../lambda/events.ts';
import { lambda } from '../lambda/lambda.ts';
import { bastions } from '../lambda/ports.ts';
import { ensureBastion, stopBastion } from './ensure-stop-bastion.ts';

export const ensure = lambda('EnsureBastion', bastionRequest, (asked) =>
  ensureBastion({ bastions: bastions(), clock: systemClock }, 'starting')(asked),
);

export const stop = lambda('StopBastion', bastionName, (asked) =>
  stopBastion({ bastions: bastions(), clock: systemClock })(asked),
);
