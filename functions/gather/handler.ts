import { keptEnd } from '../../core/run-store/events/events.ts';
import { systemClock } from '../../core/system-clock.ts';
import { cloudRun } from '../lambda/cloud-run.ts';
import { gatherEvent } from '../lambda/events.ts';
import { keepEvents } from '../lambda/keep-events.ts';
import { lambda } from '../lambda/lambda.ts';
import { logWarned } from '../lambda/log.ts';
import { executionEvents } from '../lambda/ports.ts';
import { gatherInSteps } from './gather.ts';

/** Of the function's 15 minutes; the rest is for writing the results once all parts are read. */
const readingMillis = 6 * 60 * 1000;

export const handler = lambda('Gather', gatherEvent, async ({ run, execution }) => {
  const until = performance.now() + readingMillis;
  const { request, store, project } = await cloudRun(run);
  if (execution !== undefined)
    logWarned('Gather', run, await keepEvents({ store, events: executionEvents() }, { run, execution }));
  // A clean-up may come long after the execution.
  const ended = execution === undefined ? undefined : (await keptEnd(store, execution))?.at;
  const ports = { store, project, now: () => ended ?? systemClock.now() };
  const step = await gatherInSteps({ ...ports, over: () => performance.now() >= until })(request);
  if (step.state === 'pending') return step;
  const { succeeded, failed, unfinished } = step;
  return { succeeded, failed, unfinished };
});
