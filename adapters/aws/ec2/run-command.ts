/** Runs scripts on an instance as root, by Run Command of Systems Manager: no port of it need be open. */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  GetCommandInvocationCommand,
  type GetCommandInvocationCommandOutput,
  SendCommandCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import type { AwsAccess } from '../../../core/config/dotenv.ts';
import { Unreachable } from '../../../core/errors/errors.ts';
import { sendOptional } from '../client/send.ts';
import { clientSettings } from '../client/settings.ts';

/** Exit code of a script for which the instance is not ready, which is no failure. */
export const notReady = 75;

export interface MachineCommandsOptions {
  access: AwsAccess;
  /** Milliseconds between two polls of a script's result. */
  pause?: number;
  /** Maximum of these polls. */
  polls?: number;
}

export class MachineCommands {
  readonly #ssm: SSMClient;
  readonly #pause: number;
  readonly #polls: number;

  constructor({ access, pause = 1000, polls = 30 }: MachineCommandsOptions) {
    this.#ssm = new SSMClient(clientSettings(access));
    this.#pause = pause;
    this.#polls = polls;
  }

  /**
   * Runs a script to its end.
   * @param id of the instance
   * @returns its output; undefined when the instance is unknown to Systems Manager, does not answer, or is not ready
   * @throws AccessDenied; Unreachable when the script fails
   */
  async run(id: string, script: string): Promise<string | undefined> {
    const contextOf = (verb: string, arn: string) => ({ action: `ssm:${verb}`, arn, what: `machine ${id}` });
    const command = new SendCommandCommand({
      InstanceIds: [id],
      DocumentName: 'AWS-RunShellScript',
      Comment: 'gcd-sfn debug',
      Parameters: { commands: [script] },
    });
    // Without an answer the instance does not run, or has just started.
    const sent = await sendOptional(
      contextOf('SendCommand', `arn:aws:ec2:*:*:instance/${id}`),
      this.#ssm.send(command),
    );
    const CommandId = sent?.Command?.CommandId;
    if (CommandId === undefined) return undefined;
    const get = new GetCommandInvocationCommand({ CommandId, InstanceId: id });
    for (let poll = 0; poll < this.#polls; poll++) {
      await sleep(this.#pause);
      // The invocation does not exist at once.
      const seen = await sendOptional(contextOf('GetCommandInvocation', '*'), this.#ssm.send(get));
      if (seen?.Status === 'Success') return seen.StandardOutputContent ?? '';
      if (seen && !unfinished.includes(seen.Status ?? '')) return failed(id, seen);
    }
    return undefined;
  }
}

const unfinished = ['Pending', 'InProgress', 'Delayed'];

function failed(id: string, seen: GetCommandInvocationCommandOutput): undefined {
  const { Status, ResponseCode, StandardErrorContent = '' } = seen;
  if (ResponseCode === notReady || Status === 'TimedOut') return undefined;
  const said = StandardErrorContent.trim().split('\n').at(-1);
  throw new Unreachable(
    `machine ${id} failed to run a script of Systems Manager (${Status})${said ? `: ${said}` : ''}`,
  );
}
