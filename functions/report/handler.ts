import { cloudRun } from '../lambda/cloud-run.ts';
import { runEvent } from '../lambda/events.ts';
import { lambda } from '../lambda/lambda.ts';
import { report } from './report.ts';

export const handler = lambda('Report', runEvent, async ({ run }) => {
  const { request, store } = await cloudRun(run);
  return report({ store })({ fileNames: request.config.fileNames });
});
