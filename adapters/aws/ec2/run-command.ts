/** Scripts that run on a machine, as root, by Systems Manager: no port of it is open. */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  GetCommandInvocationCommand,
  type GetCommandInvocationCommandOutput,
  SendCommandCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { Unreachable } from '../../../core/errors/errors.ts';
import { ask, nameOf } from '../client/problems.ts';
import { clientSettings } from '../client/settings.ts';
import type { AwsAccess } from '../s3/client.ts';

/** With this exit code a script says that the machine is not ready for it, which is no failure. */
export const notReady = 75;

export interface MachineCommandsOptions {
  access: AwsAccess;
  /** Milliseconds between two looks at what became of a script. */
  pause?: number;
  /** Looks until it is taken for not there. */
  looks?: number;
}

export class MachineCommands {
  readonly #ssm: SSMClient;
  readonly #pause: number;
  readonly #looks: number;

  constructor({ access, pause = 1000, looks = 30 }: MachineCommandsOptions) {
    this.#ssm = new SSMClient(clientSettings(access));
    this.#pause = pause;
    this.#looks = looks;
  }

  /**
   * Runs a script to its end.
   * @param id EC2's
   * @returns what it printed; undefined while the machine cannot be told, does not answer, or is not ready
   * @throws AccessDenied; Unreachable when the script fails
   */
  async run(id: string, script: string): Promise<string | undefined> {
    const about = (verb: string, arn: string) => ({ action: `ssm:${verb}`, arn, what: `machine ${id}` });
    const send = new SendCommandCommand({
      InstanceIds: [id],
      DocumentName: 'AWS-RunShellScript',
      Comment: 'gcd-sfn debug',
      Parameters: { commands: [script] },
    });
    const CommandId = await ask(about('SendCommand', `arn:aws:ec2:*:*:instance/${id}`), () =>
      this.#ssm.send(send).then(
        ({ Command }) => Command?.CommandId,
        (error) => {
          // It does not run, or has just started and does not answer yet.
          if (nameOf(error) === 'InvalidInstanceId') return undefined;
          throw error;
        },
      ),
    );
    if (CommandId === undefined) return undefined;
    const look = new GetCommandInvocationCommand({ CommandId, InstanceId: id });
    for (let looks = 0; looks < this.#looks; looks++) {
      await sleep(this.#pause);
      const seen = await ask(about('GetCommandInvocation', '*'), () =>
        this.#ssm.send(look).catch((error) => {
          // It is not seen at once.
          if (nameOf(error) !== 'InvocationDoesNotExist') throw error;
        }),
      );
      if (seen?.Status === 'Success') return seen.StandardOutputContent ?? '';
      if (seen && !going.includes(seen.Status ?? '')) return failed(id, seen);
    }
    return undefined;
  }
}

const going = ['Pending', 'InProgress', 'Delayed'];

function failed(id: string, seen: GetCommandInvocationCommandOutput): undefined {
  const { Status, ResponseCode, StandardErrorContent = '' } = seen;
  if (ResponseCode === notReady || Status === 'TimedOut') return undefined;
  const said = StandardErrorContent.trim().split('\n').at(-1);
  throw new Unreachable(
    `machine ${id} did not do what it was told by Systems Manager (${Status})${said ? `: ${said}` : ''}`,
  );
}
