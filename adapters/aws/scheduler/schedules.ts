/** Schedules in a group of EventBridge Scheduler. Each starts an execution with its name and time as input. */
import {
  CreateScheduleCommand,
  DeleteScheduleCommand,
  GetScheduleCommand,
  paginateListSchedules,
  SchedulerClient,
} from '@aws-sdk/client-scheduler';
import type { AwsAccess } from '../../../core/config/dotenv.ts';
import { AlreadyThere, UsageError } from '../../../core/errors/errors.ts';
import type { Schedule, Schedules } from '../../../ports/account/schedules.ts';
import { meets } from '../client/error-codes.ts';
import { errorFor, type RequestContext } from '../client/errors.ts';
import { jsonText } from '../client/json-text.ts';
import { collect, send, sendOptional } from '../client/send.ts';
import { clientSettings } from '../client/settings.ts';

export interface EventBridgeSchedulesOptions {
  access: AwsAccess;
  /** Name of the group. */
  group: string;
  /** Role of the schedules. */
  roleArn: string;
  /** State machine of the runs. */
  machineArn: string;
}

/** Scheduler replaces it by the time for which the schedule fired. */
const timePlaceholder = '<aws.scheduler.scheduled-time>';
/** A failed delivery is retried for so many seconds: later, nobody waits for the run. */
const deliverySeconds = 3600;
const deliveryAttempts = 20;
/** Scheduler's default timezone. */
const utc = 'UTC';

export class EventBridgeSchedules implements Schedules {
  readonly #client: SchedulerClient;
  readonly #options: EventBridgeSchedulesOptions;

  constructor(options: EventBridgeSchedulesOptions) {
    this.#client = new SchedulerClient(clientSettings(options.access));
    this.#options = options;
  }

  async list(): Promise<Schedule[]> {
    const listed = await send(
      this.#context('scheduler:ListSchedules', '*'),
      collect(
        paginateListSchedules({ client: this.#client, pageSize: 100 }, { GroupName: this.#options.group }),
        ({ Schedules }) => Schedules,
      ),
    );
    const names = listed.map(({ Name = '' }) => Name);
    const found: Schedule[] = [];
    for (const name of names.sort()) {
      // It may have been deleted meanwhile.
      const schedule = await this.find(name);
      if (schedule) found.push(schedule);
    }
    return found;
  }

  /** @returns undefined also for a schedule that gcd-sfn did not create */
  async find(name: string): Promise<Schedule | undefined> {
    const found = await sendOptional(
      this.#context('scheduler:GetSchedule', name),
      this.#client.send(new GetScheduleCommand({ GroupName: this.#options.group, Name: name })),
    );
    const request = jsonText(found?.Target?.Input, 'request');
    if (!found || request === undefined) return undefined;
    const { ScheduleExpression: expression = '', ScheduleExpressionTimezone: timezone = utc } = found;
    return { name, expression, timezone: timezone === utc ? null : timezone, request };
  }

  /** @throws UsageError with what AWS says about a wrong expression or timezone */
  async create({ name, expression, timezone, request }: Schedule): Promise<void> {
    const { group, roleArn, machineArn } = this.#options;
    try {
      await this.#client.send(
        new CreateScheduleCommand({
          GroupName: group,
          Name: name,
          ScheduleExpression: expression,
          ScheduleExpressionTimezone: timezone ?? utc,
          FlexibleTimeWindow: { Mode: 'OFF' },
          Target: {
            Arn: machineArn,
            RoleArn: roleArn,
            Input: JSON.stringify({ schedule: name, time: timePlaceholder, request }),
            RetryPolicy: {
              MaximumEventAgeInSeconds: deliverySeconds,
              MaximumRetryAttempts: deliveryAttempts,
            },
          },
        }),
      );
    } catch (error) {
      if (meets(error, 'scheduler:CreateSchedule', 'exists'))
        throw new AlreadyThere(`there is a schedule ${name} already`, { cause: error });
      if ((error as Error).name === 'ValidationException')
        throw new UsageError(`AWS does not take schedule ${name}: ${(error as Error).message}`, {
          hint: 'Correct its expression or its timezone; timezones have names such as America/Denver.',
          cause: error,
        });
      throw errorFor(error, this.#context('scheduler:CreateSchedule', name));
    }
  }

  async remove(name: string): Promise<void> {
    await sendOptional(
      this.#context('scheduler:DeleteSchedule', name),
      this.#client.send(new DeleteScheduleCommand({ GroupName: this.#options.group, Name: name })),
    );
  }

  #context(action: string, name: string): RequestContext {
    const { group } = this.#options;
    return { action, arn: `arn:aws:scheduler:*:*:schedule/${group}/${name}`, what: `schedule ${name}` };
  }
}
