import { bucketLayout } from '../../core/bucket/bucket-layout.ts';
import { RequestInvalid } from '../../core/errors/errors.ts';
import type { RunRequest } from '../../core/run-store/request/request.ts';
import { refuseAbove } from '../../core/stack.ts';
import { systemClock } from '../../core/system-clock.ts';
import { checkRequested } from '../../core/version.ts';
import { cloudRun, refuseOwnBucket } from '../lambda/cloud-run.ts';
import { startEvent } from '../lambda/events.ts';
import { lambda } from '../lambda/lambda.ts';
import { bucketStores, schedules } from '../lambda/ports.ts';
import { setting, stackLimits } from '../lambda/settings.ts';
import { startScheduledRun } from './start-scheduled-run.ts';
import { validate } from './validate.ts';

export const handler = lambda('Validate', startEvent, async (asked) => {
  const run = 'run' in asked ? asked.run : await runOf(asked);
  const { request, place } = await cloudRun(run);
  refuseOwnBucket(request, place.bucket);
  refuseOtherSource(request, place.bucket);
  checkRequested(request, setting('version'));
  if (request.target.kind === 'eks') refuseAbove(stackLimits(), request.target);
  return validate({ clock: systemClock })(tagged(request), place, asked.execution);
});

/** CodeBuild reads the archive with the permissions of the stack. @throws RequestInvalid */
function refuseOtherSource({ run, target }: RunRequest, own: string): void {
  if (target.kind === 'local' || target.image.source.startsWith(`${own}/`)) return;
  throw new RequestInvalid(
    `the request of run ${run} cannot be used: target.image.source must be in the bucket ${own}`,
  );
}

/** Tags what the run creates with the name of its stack. */
function tagged(request: RunRequest): RunRequest {
  const { target } = request;
  if (target.kind === 'local') return request;
  const tags = { ...target.tags, 'gcd-sfn:stack': setting('stackName') };
  return { ...request, target: { ...target, tags } };
}

/** The run of a schedule, which is created here. */
async function runOf(asked: { schedule: string; time: string; execution: string }): Promise<string> {
  const storeAt = await bucketStores();
  const runStore = (run: string) => storeAt(bucketLayout.run(run));
  return startScheduledRun({ schedules: schedules(), bucket: storeAt(''), runStore })(asked);
}
