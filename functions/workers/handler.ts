import { clock } from '../lambda/clock.ts';
import { startWorkersRequest, workersEvent } from '../lambda/events.ts';
import { lambda } from '../lambda/lambda.ts';
import { executions } from '../lambda/ports/executions.ts';
import { identities } from '../lambda/ports/identities.ts';
import { ledger } from '../lambda/ports/ledger.ts';
import { licences } from '../lambda/ports/licences.ts';
import { queues } from '../lambda/ports/queues.ts';
import { startReserved, stopReserved } from './reserved.ts';

export const start = lambda('StartWorkers', startWorkersRequest, (asked) =>
  startReserved({ reservations: ledger(), queues: queues(), clock })(asked),
);

export const stop = lambda('StopWorkers', workersEvent, async (asked) =>
  stopReserved({
    ...{ reservations: ledger(), identities: identities(), queues: queues(), licences: await licences() },
    ...{ executions: executions(), clock },
  })(asked),
);
