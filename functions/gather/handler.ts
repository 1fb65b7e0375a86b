import { keptEnd } from '../../ports/run-events.ts';
import { clock } from '../lambda/clock.ts';
import { cloudRun } from '../lambda/cloud-run.ts';
import { gatherEvent } from '../lambda/events.ts';
import { keepEvents } from '../lambda/keep-events.ts';
import { lambda } from '../lambda/lambda.ts';
import { logWarned } from '../lambda/log.ts';
import { executionEvents } from '../lambda/ports/execution-events.ts';
import { gather } from './gather.ts';

export const handler = lambda('Gather', gatherEvent, async ({ run, execution }) => {
  const { request, store, project } = await cloudRun(run);
  if (execution !== undefined)
    logWarned('Gather', run, await keepEvents({ store, events: executionEvents() }, { run, execution }));
  // A clean-up may come long after the execution.
  const ended = execution === undefined ? undefined : (await keptEnd(store, execution))?.at;
  return gather({ store, project, now: () => ended ?? clock.now() })(request);
});
