import { cloudRun } from '../lambda/cloud-run.ts';
import { endedEvent } from '../lambda/events.ts';
import { lambda } from '../lambda/lambda.ts';
import { notifier } from '../lambda/ports/notifier.ts';
import { notify } from './notify.ts';

export const handler = lambda('Notify', endedEvent, async (ended) => {
  const { request, store } = await cloudRun(ended.run);
  return notify({ notifier: notifier(), store })(request.config.notify, ended);
});
