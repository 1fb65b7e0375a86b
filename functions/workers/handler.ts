import { AccessDenied, RequestInvalid, RunNotFound } from '../../core/errors/errors.ts';
import { systemClock } from '../../core/system-clock.ts';
import { cloudRun } from '../lambda/cloud-run.ts';
import { startWorkersRequest, stopWorkersRequest } from '../lambda/events.ts';
import { lambda } from '../lambda/lambda.ts';
import { executions, identities, ledger, licences, queues } from '../lambda/ports.ts';
import type { Draining } from './start-stop-workers-aws.ts';
import { startReserved, stopReserved } from './start-stop-workers-aws.ts';

export const start = lambda('StartWorkers', startWorkersRequest, (asked) =>
  startReserved({ reservations: ledger(), queues: queues(), clock: systemClock })(asked),
);

export const stop = lambda('StopWorkers', stopWorkersRequest, async (asked) =>
  stopReserved(
    {
      ...{ reservations: ledger(), identities: identities(), queues: queues(), licences: await licences() },
      ...{ executions: executions(), clock: systemClock },
    },
    asked.since === undefined ? null : await draining(asked.run, asked.since),
  )(asked),
);

/** Null if the run cannot be read: its workers are stopped all the same. */
async function draining(run: string, since: number): Promise<Draining | null> {
  try {
    const { store, request } = await cloudRun(run);
    return { store, since, taskTimeoutSeconds: request.config.taskTimeoutSeconds };
  } catch (error) {
    if ([RunNotFound, RequestInvalid, AccessDenied].some((kind) => error instanceof kind)) return null;
    throw error;
  }
}
