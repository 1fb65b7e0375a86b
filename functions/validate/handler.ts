import { cloudRun } from '../lambda/cloud-run.ts';
import { startEvent } from '../lambda/events.ts';
import { lambda } from '../lambda/lambda.ts';
import { validate } from './validate.ts';

export const handler = lambda('Validate', startEvent, async ({ run, execution }) => {
  const { request, place } = await cloudRun(run);
  return validate({ clock: { now: () => Date.now() / 1000 } })(request, place, execution);
});
