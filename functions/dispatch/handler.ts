import { systemClock } from '../../core/system-clock.ts';
import { cloudRun } from '../lambda/cloud-run.ts';
import { endRequest } from '../lambda/events.ts';
import { lambda } from '../lambda/lambda.ts';
import { ledger } from '../lambda/ports.ts';
import { endRemoteRepetition } from './end-repetition-aws.ts';

export const handler = lambda('EndRepetition', endRequest, async (asked) => {
  const { store } = await cloudRun(asked.run);
  return endRemoteRepetition({ store, reservations: ledger(), clock: systemClock })(asked);
});
