/** Validate's first step for a scheduled execution: claims and creates the run of one time of the schedule. */
import { AlreadyStarted, AlreadyThere, NotFound, UsageError } from '../../core/errors/errors.ts';
import { layout } from '../../core/run-store/layout.ts';
import type { RunRequest } from '../../core/run-store/request/request.ts';
import { parseRequest } from '../../core/run-store/request/request.ts';
import { runName } from '../../core/run-store/request/run-limits.ts';
import { readAll, type Store } from '../../core/store.ts';
import type { Schedules } from '../../ports/account/schedules.ts';

export interface ScheduledPorts {
  schedules: Schedules;
  /** The stack's bucket, where stored requests are. */
  bucket: Store;
  /** The store of a run. */
  runStore(run: string): Store;
}

/**
 * Starts the run of one time of a schedule. EventBridge may deliver twice: the first execution claims the run, retries of
 * it get the run again, any other execution is refused.
 * @param time scheduled start, ISO 8601 in UTC
 * @returns the run's name
 * @throws AlreadyStarted when another execution has claimed the run; NotFound when the schedule was deleted; RequestInvalid
 */
export const startScheduledRun =
  ({ schedules, bucket, runStore }: ScheduledPorts) =>
  async ({
    schedule,
    time,
    execution,
  }: {
    schedule: string;
    time: string;
    execution: string;
  }): Promise<string> => {
    const [, day = '', clock = ''] = /^(.{10})T(\d\d:\d\d)/.exec(time) ?? [];
    const run = `${schedule}-${day.replaceAll('-', '')}-${clock.replace(':', '')}`;
    if (!runName.test(run)) throw new UsageError(`${time} is not a time of schedule ${schedule}`);
    const store = runStore(run);
    await store.write(layout.claim, execution, { ifAbsent: true }).catch(async (error) => {
      if (!(error instanceof AlreadyThere)) throw error;
      const holder = (await readAll(store, layout.claim)).toString();
      if (holder !== execution) throw new AlreadyStarted(`run ${run} was begun by execution ${holder}`);
    });
    const found = await schedules.find(schedule);
    if (!found) throw new NotFound(`there is no schedule ${schedule}`);
    const stored = parseRequest(await readAll(bucket, found.request), `schedule ${schedule}`);
    const request: RunRequest = { ...stored, run, requestedAt: Date.parse(time) / 1000 };
    await store.write(layout.request, JSON.stringify(request));
    return run;
  };
