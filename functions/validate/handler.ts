import { cloudRun } from '../lambda/cloud-run.ts';
import { runEvent } from '../lambda/events.ts';
import { lambda } from '../lambda/lambda.ts';
import { validate } from './validate.ts';

export const handler = lambda('Validate', runEvent, async ({ run }) => {
  const { request, place } = await cloudRun(run);
  return validate(request, place);
});
