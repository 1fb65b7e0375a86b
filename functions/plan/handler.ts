import { cloudRun, dataStore } from '../lambda/cloud-run.ts';
import { runEvent } from '../lambda/events.ts';
import { lambda } from '../lambda/lambda.ts';
import { planTasks } from './plan.ts';

export const handler = lambda('PlanTasks', runEvent, async ({ run }) => {
  const { request, store, project } = await cloudRun(run);
  const { tasks, batches } = await planTasks({ store, project, data: await dataStore(request.config) })(
    request,
  );
  return { state: 'ready', tasks, batches };
});
