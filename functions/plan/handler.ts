import { cloudRun, dataStore } from '../lambda/cloud-run.ts';
import { runEvent } from '../lambda/events.ts';
import { lambda } from '../lambda/lambda.ts';
import { planInSteps } from './plan.ts';

/** Of the function's 15 minutes; the rest is for what follows once all files were looked at. */
const readingMillis = 9 * 60 * 1000;

export const handler = lambda('PlanTasks', runEvent, async ({ run }) => {
  const until = performance.now() + readingMillis;
  const { request, store, project } = await cloudRun(run);
  const data = dataStore(request.config);
  const step = await planInSteps({ store, project, data, over: () => performance.now() >= until })(request);
  return step.state === 'ready' ? { state: step.state, tasks: step.tasks, batches: step.batches } : step;
});
