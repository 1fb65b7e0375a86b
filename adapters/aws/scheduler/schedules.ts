/** Schedules in a group of EventBridge Scheduler. Each starts an execution with its name and its time as input. */
import {
  CreateScheduleCommand,
  DeleteScheduleCommand,
  GetScheduleCommand,
  ListSchedulesCommand,
  type ListSchedulesCommandOutput,
  SchedulerClient,
} from '@aws-sdk/client-scheduler';
import { AlreadyThere, UsageError } from '../../../core/errors/errors.ts';
import type { Schedule, Schedules } from '../../../ports/account/schedules.ts';
import { answered, answeredUnless, nameOf } from '../client/answers.ts';
import { type Asked, translated } from '../client/errors.ts';
import { jsonText } from '../client/json-text.ts';
import { clientSettings } from '../client/settings.ts';
import type { AwsAccess } from '../s3/client.ts';

export interface EventBridgeSchedulesOptions {
  access: AwsAccess;
  /** The name of the group. */
  group: string;
  /** What the schedules act as. */
  roleArn: string;
  /** The state machine of the runs. */
  machineArn: string;
}

/** What Scheduler puts the time in for that a delivery was meant for. */
const timePlaceholder = '<aws.scheduler.scheduled-time>';
/** A delivery that does not succeed is tried again for so many seconds: later than that, nobody waits for the run. */
const deliverySeconds = 3600;
const deliveryAttempts = 20;
/** Scheduler's name for the timezone of a schedule that has none. */
const utc = 'UTC';
const absent = ['ResourceNotFoundException'] as const;

export class EventBridgeSchedules implements Schedules {
  readonly #client: SchedulerClient;
  readonly #options: EventBridgeSchedulesOptions;

  constructor(options: EventBridgeSchedulesOptions) {
    this.#client = new SchedulerClient(clientSettings(options.access));
    this.#options = options;
  }

  async list(): Promise<Schedule[]> {
    const names: string[] = [];
    let NextToken: string | undefined;
    do {
      const page: ListSchedulesCommandOutput = await answered(
        this.#asked('scheduler:ListSchedules', '*'),
        this.#client.send(
          new ListSchedulesCommand({ GroupName: this.#options.group, MaxResults: 100, NextToken }),
        ),
      );
      names.push(...(page.Schedules ?? []).map(({ Name = '' }) => Name));
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    const found: Schedule[] = [];
    for (const name of names.sort()) {
      // One that goes meanwhile is no error.
      const schedule = await this.find(name);
      if (schedule) found.push(schedule);
    }
    return found;
  }

  /** Undefined also for a schedule in the group that gcd-sfn did not make. */
  async find(name: string): Promise<Schedule | undefined> {
    const found = await answeredUnless(
      absent,
      this.#asked('scheduler:GetSchedule', name),
      this.#client.send(new GetScheduleCommand({ GroupName: this.#options.group, Name: name })),
    );
    const request = jsonText(found?.Target?.Input, 'request');
    if (!found || request === undefined) return undefined;
    const { ScheduleExpression: expression = '', ScheduleExpressionTimezone: timezone = utc } = found;
    return { name, expression, timezone: timezone === utc ? null : timezone, request };
  }

  /** @throws UsageError with what AWS says against its expression or its timezone */
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
      if (nameOf(error) === 'ConflictException')
        throw new AlreadyThere(`there is a schedule ${name} already`, { cause: error });
      if (nameOf(error) === 'ValidationException')
        throw new UsageError(`AWS does not take schedule ${name}: ${(error as Error).message}`, {
          hint: 'Correct its expression or its timezone; timezones have names such as America/Denver.',
          cause: error,
        });
      throw translated(error, this.#asked('scheduler:CreateSchedule', name));
    }
  }

  async remove(name: string): Promise<void> {
    await answeredUnless(
      absent,
      this.#asked('scheduler:DeleteSchedule', name),
      this.#client.send(new DeleteScheduleCommand({ GroupName: this.#options.group, Name: name })),
    );
  }

  #asked(action: string, name: string): Asked {
    const { group } = this.#options;
    return { action, arn: `arn:aws:scheduler:*:*:schedule/${group}/${name}`, what: `schedule ${name}` };
  }
}
