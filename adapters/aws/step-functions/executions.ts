/** Executions of the stack's two state machines in Step Functions. */
import {
  DescribeExecutionCommand,
  ListExecutionsCommand,
  type ListExecutionsCommandOutput,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { AlreadyThere } from '../../../core/errors/errors.ts';
import type { Execution, Executions } from '../../../ports/account/executions.ts';
import { answered, answeredUnless, nameOf } from '../client/answers.ts';
import { type Asked, translated } from '../client/errors.ts';
import { jsonText } from '../client/json-text.ts';
import { clientSettings } from '../client/settings.ts';
import type { AwsAccess } from '../s3/client.ts';

type Machine = 'run' | 'cleanup';

export interface SfnExecutionsOptions {
  access: AwsAccess;
  /** ARNs. */
  machines: Record<Machine, string>;
}

const states: Record<string, Execution['state']> = {
  RUNNING: 'running',
  PENDING_REDRIVE: 'running',
  SUCCEEDED: 'succeeded',
  FAILED: 'failed',
  ABORTED: 'aborted',
  TIMED_OUT: 'timed-out',
};
const absent = ['ExecutionDoesNotExist'] as const;
/** Step Functions takes so many characters. */
const longestCause = 32_768;

export class SfnExecutions implements Executions {
  readonly #client: SFNClient;
  readonly #machines: Record<Machine, string>;

  constructor({ access, machines }: SfnExecutionsOptions) {
    this.#client = new SFNClient(clientSettings(access));
    this.#machines = machines;
  }

  async find(name: string): Promise<Execution | undefined> {
    return (await this.#described('run', name)) ?? (await this.#described('cleanup', name));
  }

  async running(machine: Machine = 'run'): Promise<Execution[]> {
    const arn = this.#machines[machine];
    const found: Execution[] = [];
    let nextToken: string | undefined;
    do {
      const page: ListExecutionsCommandOutput = await answered(
        { action: 'states:ListExecutions', arn, what: 'the executions of the runs' },
        this.#client.send(
          new ListExecutionsCommand({
            stateMachineArn: arn,
            statusFilter: 'RUNNING',
            maxResults: 1000,
            nextToken,
          }),
        ),
      );
      for (const { name = '', mapRunArn } of page.executions ?? []) {
        // The children of a run's Map are no runs.
        if (mapRunArn) continue;
        // Which run it is, only its input says. It may have ended meanwhile.
        const one = await this.#described(machine, name);
        if (one?.state === 'running') found.push(one);
      }
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    return found;
  }

  /** Step Functions itself takes a second start with the same input for the first, as long as that runs. */
  async start(machine: Machine, name: string, input: Record<string, unknown>): Promise<void> {
    const taken = `there was an execution ${name} already`;
    if (await this.#described(machine, name)) throw new AlreadyThere(taken);
    try {
      await this.#client.send(
        new StartExecutionCommand({
          stateMachineArn: this.#machines[machine],
          name,
          input: JSON.stringify(input),
        }),
      );
    } catch (error) {
      if (nameOf(error) === 'ExecutionAlreadyExists') throw new AlreadyThere(taken, { cause: error });
      const arn = this.#machines[machine];
      throw translated(error, { action: 'states:StartExecution', arn, what: `execution ${name}` });
    }
  }

  async stop(name: string, cause: string): Promise<void> {
    for (const machine of ['run', 'cleanup'] as const) {
      const executionArn = this.#arnOf(machine, name);
      const stopped = await answeredUnless(
        absent,
        this.#asked('states:StopExecution', machine, name),
        this.#client.send(
          new StopExecutionCommand({ executionArn, error: 'Stopped', cause: cause.slice(0, longestCause) }),
        ),
      );
      if (stopped) return;
    }
  }

  async #described(machine: Machine, name: string): Promise<Execution | undefined> {
    const found = await answeredUnless(
      absent,
      this.#asked('states:DescribeExecution', machine, name),
      this.#client.send(new DescribeExecutionCommand({ executionArn: this.#arnOf(machine, name) })),
    );
    return (
      found && {
        name,
        run: jsonText(found.input, 'run') ?? null,
        state: states[found.status ?? ''] ?? 'failed',
      }
    );
  }

  #arnOf(machine: Machine, name: string): string {
    return `${this.#machines[machine].replace(':stateMachine:', ':execution:')}:${name}`;
  }

  #asked(action: string, machine: Machine, name: string): Asked {
    return { action, arn: this.#arnOf(machine, '*'), what: `execution ${name}` };
  }
}
