import { bucketLayout } from '../../ports/bucket-layout.ts';
import { clock } from '../lambda/clock.ts';
import { cloudRun } from '../lambda/cloud-run.ts';
import { startEvent } from '../lambda/events.ts';
import { lambda } from '../lambda/lambda.ts';
import { bucketStores } from '../lambda/ports/bucket.ts';
import { schedules } from '../lambda/ports/schedules.ts';
import { beginScheduled } from '../schedule/schedule.ts';
import { validate } from './validate.ts';

export const handler = lambda('Validate', startEvent, async ({ input, execution }) => {
  const run = 'run' in input ? input.run : await runOf({ ...input, execution });
  const { request, place } = await cloudRun(run);
  return validate({ clock })(request, place, execution);
});

/** The run of a schedule's time, which begins here. */
async function runOf(asked: { schedule: string; time: string; execution: string }): Promise<string> {
  const storeAt = await bucketStores();
  const runStore = (run: string) => storeAt(bucketLayout.run(run));
  return beginScheduled({ schedules: schedules(), bucket: storeAt(''), runStore })(asked);
}
