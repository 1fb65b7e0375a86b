import { refuseAbove } from '../../core/stack.ts';
import { systemClock } from '../../core/system-clock.ts';
import { clusterRun, refuseOwnBucket } from '../lambda/cloud-run.ts';
import { reserveRequest } from '../lambda/events.ts';
import { lambda } from '../lambda/lambda.ts';
import { executions, identities, queues, reservations } from '../lambda/ports.ts';
import { stackLimits } from '../lambda/settings.ts';
import { reserveWorkers } from './reserve-workers.ts';

export const handler = lambda('ReserveWorkers', reserveRequest, async (asked) => {
  const { request, place } = await clusterRun(asked.run);
  refuseOwnBucket(request, place.bucket);
  // The request may have been replaced since Validate.
  refuseAbove(stackLimits(), request.target);
  const ports = {
    ...{ reservations: reservations(), identities: identities(), queues: queues() },
    ...{ executions: executions(), clock: systemClock },
  };
  return reserveWorkers(ports)(request, asked);
});
