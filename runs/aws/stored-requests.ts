/** Schedules of runs: each starts a run from a request in the bucket. */

import { bucketLayout } from '../../core/bucket/bucket-layout.ts';
import { UsageError } from '../../core/errors/errors.ts';
import type { EksRequest } from '../../core/run-store/request/draft.ts';
import { checkedRequest } from '../../core/run-store/request/request.ts';
import type { Cloud } from './cloud.ts';
import { createSchedule } from './create-schedule.ts';
import { type RunArtifacts, uploadSource } from './start/artifacts.ts';

export interface Planned {
  name: string;
  /** `rate(1 day)` or `cron(0 6 * * ? *)`. */
  expression: string;
  /** IANA name; null: UTC. */
  timezone: string | null;
}

/**
 * Creates a schedule that starts a new run each time. The request is written first: a schedule without one would fail.
 * @throws UsageError when name or expression cannot be, the name is taken, or the run would need a licence file; RequestInvalid
 */
export async function scheduleRun(
  cloud: Cloud,
  { name, expression, timezone }: Planned,
  request: EksRequest,
  source: RunArtifacts['source'],
): Promise<void> {
  if (request.config.solverLicenceFile !== null)
    throw new UsageError(
      'a scheduled run cannot have a licence file: it is kept for the time of one run only',
      {
        hint: 'Start such runs with gcd-sfn start, from a machine that has the file.',
      },
    );
  checkedRequest(request, `schedule ${name}`);
  const key = bucketLayout.request(name);
  const taken = await cloud.schedules.find(name);
  if (taken)
    throw new UsageError(`there is a schedule ${name} already`, {
      hint: `gcd-sfn schedule delete ${name} removes it.`,
    });
  await uploadSource(cloud, source);
  const bucket = cloud.store('');
  await bucket.write(key, JSON.stringify(request, undefined, 2));
  try {
    await createSchedule(cloud)({ name, expression, timezone, request: key });
  } catch (error) {
    await bucket.remove(key).catch(() => {});
    throw error;
  }
}

/** Idempotent. Runs that have started go on. */
export async function unscheduleRun(cloud: Cloud, name: string): Promise<void> {
  await cloud.schedules.remove(name);
  await cloud.store('').remove(bucketLayout.request(name));
}
