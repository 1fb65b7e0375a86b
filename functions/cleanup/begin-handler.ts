import { systemClock } from '../../core/system-clock.ts';
import { cloudRun } from '../lambda/cloud-run.ts';
import { cleanUpEvent } from '../lambda/events.ts';
import { lambda } from '../lambda/lambda.ts';
import { executions } from '../lambda/ports.ts';
import { beginCleanUp } from './begin-clean-up.ts';

export const handler = lambda('BeginCleanUp', cleanUpEvent, async (asked) => {
  const request = asked.run === undefined ? null : (await cloudRun(asked.run)).request;
  return beginCleanUp({ executions: executions(), clock: systemClock })(request, asked);
});
