/** Executions of the stack's two state machines in Step Functions. */
import {
  DescribeExecutionCommand,
  paginateListExecutions,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { AwsAccess } from '../../../core/config/dotenv.ts';
import { AlreadyThere } from '../../../core/errors/errors.ts';
import type { Execution, Executions } from '../../../ports/account/executions.ts';
import { meets } from '../client/error-codes.ts';
import { errorFor, type RequestContext } from '../client/errors.ts';
import { jsonText, messageOfCause } from '../client/json-text.ts';
import { collect, send, sendOptional } from '../client/send.ts';
import { clientSettings } from '../client/settings.ts';

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
/** Characters: a limit of Step Functions. */
const maxCauseLength = 32_768;

/** @param machine ARN of a state machine */
export const executionArnOf = (machine: string, execution: string): string =>
  `${machine.replace(':stateMachine:', ':execution:')}:${execution}`;

export class SfnExecutions implements Executions {
  readonly #client: SFNClient;
  readonly #machines: Record<Machine, string>;

  constructor({ access, machines }: SfnExecutionsOptions) {
    this.#client = new SFNClient(clientSettings(access));
    this.#machines = machines;
  }

  async find(name: string): Promise<Execution | undefined> {
    return (await this.#describe('run', name)) ?? (await this.#describe('cleanup', name));
  }

  async running(machine: Machine = 'run'): Promise<Execution[]> {
    const arn = this.#machines[machine];
    const listed = await send(
      { action: 'states:ListExecutions', arn, what: 'the executions of the runs' },
      collect(
        paginateListExecutions(
          { client: this.#client, pageSize: 1000 },
          { stateMachineArn: arn, statusFilter: 'RUNNING' },
        ),
        ({ executions }) => executions,
      ),
    );
    const found: Execution[] = [];
    for (const { name = '', mapRunArn } of listed) {
      // Children of a run's Map are not runs.
      if (mapRunArn) continue;
      // Only the input has the run's name. The execution may have ended meanwhile.
      const one = await this.#describe(machine, name);
      if (one?.state === 'running') found.push(one);
    }
    return found;
  }

  /** Step Functions accepts a second start with the same input as the first while that runs. */
  async start(machine: Machine, name: string, input: Record<string, unknown>): Promise<void> {
    const taken = `there was an execution ${name} already`;
    if (await this.#describe(machine, name)) throw new AlreadyThere(taken);
    const stateMachineArn = this.#machines[machine];
    const context = { action: 'states:StartExecution', arn: stateMachineArn, what: `execution ${name}` };
    try {
      await this.#client.send(
        new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }),
      );
    } catch (error) {
      if (meets(error, context.action, 'exists')) throw new AlreadyThere(taken, { cause: error });
      throw errorFor(error, context);
    }
  }

  async stop(name: string, cause: string): Promise<void> {
    for (const machine of ['run', 'cleanup'] as const) {
      const executionArn = this.#arnOf(machine, name);
      const stopped = await sendOptional(
        this.#context('states:StopExecution', machine, name),
        this.#client.send(
          new StopExecutionCommand({ executionArn, error: 'Stopped', cause: cause.slice(0, maxCauseLength) }),
        ),
      );
      if (stopped) return;
    }
  }

  async #describe(machine: Machine, name: string): Promise<Execution | undefined> {
    const found = await sendOptional(
      this.#context('states:DescribeExecution', machine, name),
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
    return executionArnOf(this.#machines[machine], name);
  }

  #context(action: string, machine: Machine, name: string): RequestContext {
    return { action, arn: this.#arnOf(machine, '*'), what: `execution ${name}` };
  }
}

/**
 * Why an execution failed.
 * @param options the ARN of the state machine, and the execution's name
 * @returns null for what Step Functions does not say
 */
export async function causeOf({
  access,
  machine,
  name,
}: {
  access: AwsAccess;
  machine: string;
  name: string;
}): Promise<{ error: string | null; cause: string | null }> {
  const client = new SFNClient(clientSettings(access));
  const executionArn = executionArnOf(machine, name);
  const context = { action: 'states:DescribeExecution', arn: executionArn, what: `execution ${name}` };
  try {
    const described = await send(context, client.send(new DescribeExecutionCommand({ executionArn })));
    const { error, cause } = described;
    return { error: error ?? null, cause: cause === undefined ? null : messageOfCause(cause) };
  } finally {
    client.destroy();
  }
}
