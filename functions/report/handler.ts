import { cloudRun } from '../lambda/cloud-run.ts';
import { gatherEvent } from '../lambda/events.ts';
import { keepEvents } from '../lambda/keep-events.ts';
import { lambda } from '../lambda/lambda.ts';
import { logWarned } from '../lambda/log.ts';
import { executionEvents } from '../lambda/ports.ts';
import { report } from './report.ts';

export const handler = lambda('Report', gatherEvent, async ({ run, execution }) => {
  const { request, store } = await cloudRun(run);
  if (execution !== undefined)
    logWarned('Report', run, await keepEvents({ store, events: executionEvents() }, { run, execution }));
  return report({ store })({ fileNames: request.config.fileNames });
});
