/** Creates a schedule of runs on AWS. */
import { AlreadyThere, UsageError } from '../../core/errors/errors.ts';
import type { Schedule, Schedules } from '../../ports/account/schedules.ts';

const expressions = /^(rate\(\s*[1-9]\d*\s+(minute|hour|day)s?\s*\)|cron\(\s*\S+(\s+\S+){5}\s*\))$/;
/** Its runs are named NAME-YYYYMMDD-HHMM, which must be names of runs: lower case, at most 40 characters. */
const names = /^[a-z0-9][a-z0-9-]{0,25}$/;

/** @throws UsageError when the name or the expression is invalid, or the name is taken; AccessDenied */
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
      // A retry after a lost response is not the user's mistake.
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
