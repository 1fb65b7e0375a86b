/** Runs that begin by themselves: their schedules, and how each of their times begins one run. */
import { AlreadyStarted, AlreadyThere, NotFound, UsageError } from '../../core/errors/errors.ts';
import { layout } from '../../core/run-store/layout.ts';
import type { RunRequest } from '../../core/run-store/request/request.ts';
import { parseRequest } from '../../core/run-store/request/request-schema.ts';
import { runName } from '../../core/run-store/request/run-bounds.ts';
import { readAll, type Store } from '../../core/store.ts';
import type { Schedule, Schedules } from '../../ports/account/schedules.ts';

const expressions = /^(rate\(\s*[1-9]\d*\s+(minute|hour|day)s?\s*\)|cron\(\s*\S+(\s+\S+){5}\s*\))$/;
/** The names of its runs are made of it and a time, and are names of runs: lower case, and 40 characters at most. */
const names = /^[a-z0-9][a-z0-9-]{0,25}$/;

/** @throws UsageError when the name or the expression cannot be, or the name is taken; AccessDenied */
export const createSchedule =
  ({ schedules }: { schedules: Schedules }) =>
  async (schedule: Schedule): Promise<void> => {
    if (!names.test(schedule.name))
      throw new UsageError(`${JSON.stringify(schedule.name)} is no name for a schedule`, {
        hint: 'Take up to 26 small letters, digits and hyphens.',
      });
    if (!expressions.test(schedule.expression))
      throw new UsageError(`${JSON.stringify(schedule.expression)} is no time for a schedule`, {
        hint: "Write 'rate(1 day)', or 'cron(0 6 * * ? *)': minute, hour, day of month, month, day of week, year.",
      });
    try {
      await schedules.create(schedule);
    } catch (error) {
      if (!(error instanceof AlreadyThere)) throw error;
      // A create whose answer was lost is tried again, and is no mistake of the user's.
      if (isSame(await schedules.find(schedule.name), schedule)) return;
      throw new UsageError(`there is a schedule ${schedule.name} already`, {
        hint: `gcd-sfn schedule delete ${schedule.name} removes it.`,
      });
    }
  };

const isSame = (found: Schedule | undefined, wanted: Schedule) =>
  found?.expression === wanted.expression &&
  found.request === wanted.request &&
  found.timezone === wanted.timezone;

export const listSchedules = ({ schedules }: { schedules: Schedules }) => schedules.list();

/** One that is not there is no error. */
export const deleteSchedule =
  ({ schedules }: { schedules: Schedules }) =>
  (name: string): Promise<void> =>
    schedules.remove(name);

export interface ScheduledPorts {
  schedules: Schedules;
  /** The stack's bucket, where stored requests are. */
  bucket: Store;
  /** The store of a run. */
  runStore(run: string): Store;
}

/**
 * Begins the run of one time of a schedule. Deliveries may come twice: the first execution claims the run, and is the
 * only one that gets it, however often it asks.
 * @param time when the schedule meant it to begin, ISO 8601 in UTC
 * @returns the run's name
 * @throws AlreadyStarted when another execution has it; NotFound when the schedule is gone; RequestInvalid
 */
export const beginScheduled =
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
    if (!runName.test(run)) throw new UsageError(`${time} is no time of schedule ${schedule}`);
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
