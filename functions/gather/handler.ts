import { clock } from '../lambda/clock.ts';
import { cloudRun } from '../lambda/cloud-run.ts';
import { runEvent } from '../lambda/events.ts';
import { lambda } from '../lambda/lambda.ts';
import { gather } from './gather.ts';

export const handler = lambda('Gather', runEvent, async ({ run }) => {
  const { request, store, project } = await cloudRun(run);
  return gather({ store, project, now: clock.now })(request);
});
