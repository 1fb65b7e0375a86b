import { RequestInvalid, RunNotFound } from '../../core/errors/errors.ts';
import { type CloudRun, cloudRun } from '../lambda/cloud-run.ts';
import { endedEvent } from '../lambda/events.ts';
import { lambda } from '../lambda/lambda.ts';
import { logWarned } from '../lambda/log.ts';
import { notifier } from '../lambda/ports.ts';
import { notify, sentence } from './notify.ts';

export const handler = lambda('Notify', endedEvent, async (ended) => {
  const { run } = ended.state;
  const found = run === undefined || run === '' ? undefined : await runOf(run);
  if (!found) return sentence(ended.state);
  const { request, store } = found;
  const { outcome, trouble } = await notify({ notifier: notifier(), store })(request.config.notify, ended);
  logWarned('Notify', request.run, trouble);
  return outcome;
});

/** Undefined if the run does not exist, or its request is invalid: then that is why the execution failed. */
const runOf = (run: string): Promise<CloudRun | undefined> =>
  cloudRun(run).catch((error) => {
    if (error instanceof RunNotFound || error instanceof RequestInvalid) return undefined;
    throw error;
  });
